#!/usr/bin/env python3
"""Kills a real host with -9 around the full seconds while many jobs are due each second.

usage: schedule_kill.py BUILD_FOLDER [--kills 100] [--jobs 500] [--seed N] [--plugin FILE] [--folder DIR]

Each recurring job fires every second until its end time. The host is killed up to 0.15 s before or
after a full second, again and again. When all is over the database is read:

  - every second of every job has exactly one child or lies in exactly one record that says why not;
  - every child came to its end, and every attempt but the last of a child was lost to a kill;
  - `PRAGMA integrity_check` passes.
"""

import argparse
import pathlib
import random
import select
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "scenarios"))
from kit.host import Failure, Host, wait_for  # noqa: E402

LOST, INTERRUPTED, SUCCEEDED = 4, 8, 0
FINISHED_STATUS = 0
BEFORE_AND_AFTER = 0.15


def pause_until(moment):
    while (left := moment - time.time()) > 0:
        select.select([], [], [], left)


def instant(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def add_jobs(host, count, begin, end):
    for number in range(count):
        host.api_json("POST", "/api/v1/jobs", {
            "type": "example.print", "args": {"text": "x"}, "name": f"every second {number}",
            "cron": "* * * * * *", "begin_time": instant(begin), "end_time": instant(end), "occurrence_tries": 100,
        }, expect=201)


def kill_often(host, kills, dice):
    for number in range(kills):
        second = int(time.time()) + 1
        moment = second + dice.uniform(-BEFORE_AND_AFTER, BEFORE_AND_AFTER)
        pause_until(moment if moment > time.time() else moment + 1)
        host.kill()
        host.start()
        if number % 20 == 19:
            print(f"{number + 1} kills", flush=True)


def all_over(host):
    jobs = host.api_json("GET", "/api/v1/status", expect=200)["jobs"]
    return all(jobs.get(status, 0) == 0 for status in ("queuing", "running", "failed_retry"))


def judge_job(database, key, name, begin, end, problems):
    """Every second from `begin` to `end` has one child or one record."""
    covered = {}
    for (nominal,) in database.execute("SELECT nominal FROM job WHERE parent = ?", (key,)):
        covered.setdefault(nominal, []).append("child")
    for first, last, count, counted in database.execute(
            "SELECT first, last, count, counted FROM not_run WHERE parent = ?", (key,)):
        seconds = range(first, last + 1, 1000)
        if counted and len(seconds) != count:
            problems.append(f"{name}: a record of {count} spans {len(seconds)} seconds")
        for second in seconds:
            covered.setdefault(second, []).append("record")
    wanted = range(begin * 1000, end * 1000 + 1, 1000)
    for second in wanted:
        if len(covered.get(second, [])) != 1:
            problems.append(f"{name}: {instant(second / 1000)} has {covered.get(second, 'nothing')}")
    if len(covered) > len(wanted):
        problems.append(f"{name}: it fired outside of its time")
    return sum(kinds == ["child"] for kinds in covered.values())


def judge(path, begin, end, problems):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    parents = database.execute("SELECT key, name FROM job WHERE kind = 1").fetchall()
    children = sum(judge_job(database, *parent, begin, end, problems) for parent in parents)
    for name, status in database.execute("SELECT name, status FROM plan JOIN job ON key = plan.job"):
        if status != FINISHED_STATUS:
            problems.append(f"{name}: it is not completed")
    again = 0
    for job, outcomes in database.execute(
            "SELECT job, group_concat(outcome) FROM (SELECT job, outcome FROM attempt ORDER BY job, token) "
            "GROUP BY job"):
        *earlier, last = map(int, outcomes.split(","))
        again += len(earlier)
        if last != SUCCEEDED or any(outcome not in (LOST, INTERRUPTED) for outcome in earlier):
            problems.append(f"job {job}: its attempts ended {outcomes}")
    for (verdict,) in database.execute("PRAGMA integrity_check"):
        if verdict != "ok":
            problems.append(f"database: {verdict}")
    return len(parents), children, again


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("build")
    arguments.add_argument("--kills", type=int, default=100)
    arguments.add_argument("--plugin", default="example-c", help="a file, or what the build folder has")
    arguments.add_argument("--jobs", type=int, default=500)
    arguments.add_argument("--seed", type=int, default=None)
    arguments.add_argument("--folder")
    given = arguments.parse_args()
    seed = given.seed if given.seed is not None else random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)

    host = Host(pathlib.Path(given.build).resolve(), [given.plugin],
                {"run.workers": 16, "log.level": "warn"}, given.folder)
    problems = []
    try:
        host.start()
        begin = int(time.time()) + 5 + given.jobs // 100
        end = begin + 2 * given.kills
        add_jobs(host, given.jobs, begin, end)
        pause_until(begin)
        kill_often(host, given.kills, random.Random(seed))
        wait_for("every job is over", lambda: all_over(host), timeout=3 * given.kills + 120)
        host.stop()
        jobs, children, again = judge(host.folder / "data" / "jobhost.db", begin, end, problems)
    except Failure as failure:
        problems.append(str(failure))
        jobs = children = again = 0
    finally:
        host.clean()
    print(f"{given.kills} kills, {jobs} recurring jobs, {children} children, "
          f"{again} attempts lost to kills, {len(problems)} problems")
    for problem in problems[:20]:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
