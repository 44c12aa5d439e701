#!/usr/bin/env python3
"""Kills a real host with -9 over and over while jobs come in, and reconciles a ledger.

usage: kill_loop.py BUILD_FOLDER [--kills 20] [--rate 40] [--seed N] [--folder DIR]

Producers add jobs of 0 to 500 ms over HTTP at about `rate` a second and write down what was
acknowledged. Every job appends one line to the ledger when it starts and one when it ends. The host is
killed every 0.1 to 1 s after it came up. In the end it is left alone until nothing waits, and then:

  - every acknowledged job is `completed`, and no job exists that nobody sent;
  - a job that started more often than once was running at a kill each time but the last;
  - no two attempts of one job were alive at the same moment, told by their own lines;
  - every start has a record in the run log, or a kill came before it could be written;
  - `PRAGMA integrity_check` passes, and no process of a dead host lives.
"""

import argparse
import json
import os
import pathlib
import random
import select
import sqlite3
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "scenarios"))
from kit.host import Failure, Host, wait_for  # noqa: E402

COMMAND = (
    'printf "start %s %s %s\\n" "$JOBHOST_JOB_ID" "$JOBHOST_ATTEMPT" "$(date +%s.%N)" >> {ledger}; '
    "sleep {seconds}; "
    'printf "end %s %s %s\\n" "$JOBHOST_JOB_ID" "$JOBHOST_ATTEMPT" "$(date +%s.%N)" >> {ledger}'
)


# A command may still write its first line while its supervisor is ending it after a kill.
DYING_SECONDS = 0.5


class Producer(threading.Thread):
    """Adds jobs at a steady rate; what the host acknowledged is kept with its moment."""

    def __init__(self, host, rate, ledger, dice):
        super().__init__(daemon=True)
        self.host, self.rate, self.ledger, self.dice = host, rate, ledger, dice
        self.acknowledged, self.unknown, self.refused = [], 0, []
        self.done = threading.Event()

    def run(self):
        next_time = time.monotonic()
        while not self.done.is_set():
            self.add_one()
            next_time = max(next_time + 1 / self.rate, time.monotonic() - 0.2)
            self.done.wait(max(0, next_time - time.monotonic()))

    def add_one(self):
        seconds = self.dice.choice([0, round(self.dice.uniform(0, 0.5), 3)])
        command = COMMAND.format(ledger=self.ledger, seconds=seconds)
        body = json.dumps({"type": "shell.run", "args": {"command": command}})
        try:
            status, _, text = self.host.request("POST", "/api/v1/jobs", body, timeout=10)
        except (OSError, AttributeError, ValueError, Exception) as error:  # noqa: B014
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            self.unknown += 1
            return
        if status == 201:
            self.acknowledged.append(json.loads(text)["id"])
        else:
            self.refused.append((status, text))


def run_kills(host, kills, dice, killed_at):
    for number in range(kills):
        deadline = time.monotonic() + dice.uniform(0.1, 1.0)
        while (left := deadline - time.monotonic()) > 0:
            select.select([], [], [], left)
        host.kill()
        killed_at.append(time.time())
        host.start()
        if number % 20 == 19:
            print(f"{number + 1} kills", flush=True)


def nothing_waits(host):
    jobs = host.api_json("GET", "/api/v1/status", expect=200)["jobs"]
    return all(jobs.get(status, 0) == 0 for status in ("queuing", "running", "failed_retry"))


def all_jobs(host):
    cursor, jobs = "", []
    while True:
        page = host.api_json("GET", f"/api/v1/jobs?limit=1000{cursor}", expect=200)
        jobs += page["items"]
        if not page.get("next_cursor"):
            return jobs
        cursor = "&cursor=" + page["next_cursor"]


def read_ledger(path):
    """job -> list of [attempt, start, end or None], in order of start."""
    runs = {}
    for line in path.read_text().splitlines():
        what, job, attempt, when = line.split()
        if what == "start":
            runs.setdefault(job, []).append([int(attempt), float(when), None])
        else:
            run = next(r for r in reversed(runs[job]) if r[0] == int(attempt))
            run[2] = float(when)
    return runs


def judge_runs(runs, killed_at, problems):
    duplicates = 0
    for job, starts in runs.items():
        for earlier, later in zip(starts, starts[1:]):
            duplicates += 1
            if not any(earlier[1] - DYING_SECONDS <= kill <= later[1] for kill in killed_at):
                problems.append(f"{job}: started again without a kill between: {starts}")
            if earlier[2] is not None and earlier[2] > later[1]:
                problems.append(f"{job}: two attempts at the same time: {starts}")
        if starts[-1][2] is None:
            problems.append(f"{job}: its last attempt never ended: {starts}")
    return duplicates


def judge_records(host, runs, problems):
    """Each started attempt stands in the run log under its number."""
    for job, starts in runs.items():
        rows = host.api_json("GET", f"/api/v1/jobs/{job}/attempts?limit=1000", expect=200)["items"]
        recorded = {row["number"]: row["outcome"] for row in rows}
        for number, _, end in starts:
            if number not in recorded:
                problems.append(f"{job}: attempt {number} started and is not in the run log: {rows}")
        if recorded and list(recorded.values())[-1] != "succeeded":
            problems.append(f"{job}: completed without a success: {rows}")
        for number, outcome in recorded.items():
            if outcome not in ("succeeded", "lost", "interrupted"):
                problems.append(f"{job}: attempt {number} ended as {outcome}, never expected here")


def leftovers(folder):
    """Processes that still work for a job of this test."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if str(folder).encode() in (entry / "cmdline").read_bytes():
                    found.append(entry.name)
            except OSError:
                pass
    return [pid for pid in found if int(pid) != os.getpid()]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("build")
    arguments.add_argument("--kills", type=int, default=20)
    arguments.add_argument("--rate", type=float, default=40)
    arguments.add_argument("--seed", type=int, default=None)
    arguments.add_argument("--folder")
    given = arguments.parse_args()
    seed = given.seed if given.seed is not None else random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    dice = random.Random(seed)

    host = Host(pathlib.Path(given.build).resolve(), ["shell"],
                {"run.workers": 16, "log.level": "info"}, given.folder)
    ledger = host.folder / "ledger"
    ledger.touch()
    problems, killed_at = [], []
    try:
        began = time.monotonic()
        host.start()
        producer = Producer(host, given.rate, ledger, random.Random(seed + 1))
        producer.start()
        run_kills(host, given.kills, dice, killed_at)
        producer.done.set()
        producer.join()
        wait_for("nothing waits or runs", lambda: nothing_waits(host), timeout=180)
        took = time.monotonic() - began

        jobs = {job["id"]: job for job in all_jobs(host)}
        missing = [job for job in producer.acknowledged if job not in jobs]
        problems += [f"{job}: acknowledged and lost" for job in missing]
        problems += [
            f"{job['id']}: ended {job['status']} {job.get('reason')}"
            for job in jobs.values() if job["status"] != "completed"
        ]
        if len(jobs) > len(producer.acknowledged) + producer.unknown:
            problems.append("there are more jobs than were sent")
        problems += [f"refused: {refusal}" for refusal in producer.refused]
        runs = read_ledger(ledger)
        duplicates = judge_runs(runs, killed_at, problems)
        problems += [f"{job}: completed and never ran" for job in jobs if job not in runs]
        judge_records(host, runs, problems)
        host.stop()
        alive = leftovers(host.folder)
        problems += [f"process {pid} outlived its host" for pid in alive]
        database = sqlite3.connect(host.folder / "data" / "jobhost.db")
        verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
        database.close()
        if verdict != "ok":
            problems.append(f"integrity_check: {verdict}")
        print(
            f"{given.kills} kills in {took:.0f} s; {len(producer.acknowledged)} acknowledged, "
            f"{producer.unknown} without an answer, {len(jobs)} stored, all completed: "
            f"{all(j['status'] == 'completed' for j in jobs.values())}; {duplicates} repeated starts, "
            f"integrity {verdict}, {len(alive)} processes left; {len(problems)} problems"
        )
    except Failure as failure:
        problems.append(str(failure))
    finally:
        if problems:
            sys.stderr.write(host.log_text()[-4000:])
        host.clean()
    for problem in problems[:40]:
        print("PROBLEM", problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
