#!/usr/bin/env python3
"""Measures what many recurring jobs cost: the start of a host, its rest, and a full second.

usage: schedule_load.py BUILD_FOLDER [--jobs 100000] [--due 10000] [--rest 20] [--plugin FILE]

One recurring job is made through the endpoint and its rows are copied. Then a host is started on
standby, so that it plans and runs nothing, and three figures are held against their targets:

  - it is ready within 2 s;
  - at rest it uses less than 1 % of a core;
  - of `--due` jobs that are due in the same second each has its child within 1 s.
"""

import argparse
import os
import pathlib
import select
import sqlite3
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "scenarios"))
from kit.host import Failure, Host, wait_for  # noqa: E402

READY_SECONDS, REST_SHARE, LAG_SECONDS = 2.0, 0.01, 1.0
DAY = 86_400_000


def instant(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def columns(database, table):
    return [row[1] for row in database.execute(f"PRAGMA table_info({table})")]


def copy_rows(database, table, key_column, source, keys, changed):
    """Copies the row of `source` for each key; `changed` gives what differs."""
    names = columns(database, table)
    row = dict(zip(names, database.execute(
        f"SELECT * FROM {table} WHERE {key_column} = ?", (source,)).fetchone()))
    database.executemany(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
        (tuple({**row, key_column: key, **changed(key)}[name] for name in names) for key in keys))


def multiply(path, count):
    """Makes `count` recurring jobs of the one that is there."""
    database = sqlite3.connect(path)
    (source,) = database.execute("SELECT job FROM plan").fetchone()
    keys = range(source + 1, source + count)
    copy_rows(database, "job", "key", source, keys,
              lambda key: {"id": uuid.uuid4().bytes, "name": f"job {key}"})
    copy_rows(database, "plan", "job", source, keys, lambda key: {})
    copy_rows(database, "name_key", "job", source, keys, lambda key: {"name": f"job {key}"})
    database.execute("UPDATE counter SET value = value + ? WHERE name = 'queuing'", (count - 1,))
    database.execute("UPDATE counter SET value = ? WHERE name = 'last_key'", (source + count,))
    database.commit()
    database.close()


def make_due(path, count, moment):
    """Moves the beginning, and so the next run, of some jobs to one instant."""
    database = sqlite3.connect(path)
    chosen = "(SELECT job FROM plan ORDER BY job LIMIT ?)"
    database.execute(f"UPDATE job SET begin_at = ? WHERE key IN {chosen}", (moment, count))
    database.execute(f"UPDATE plan SET next_due = ? WHERE job IN {chosen}", (moment, count))
    database.commit()
    database.close()


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def share_at_rest(host, seconds):
    before = cpu_seconds(host.process.pid)
    select.select([], [], [], seconds)
    return (cpu_seconds(host.process.pid) - before) / seconds


def children(path):
    """How many there are, and how long after its time the last one was made."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    count, latest = database.execute(
        "SELECT count(*), max(created_at - nominal) FROM job WHERE nominal IS NOT NULL").fetchone()
    database.close()
    return count, (latest or 0) / 1000


def measure(host, given):
    path = host.folder / "data" / "jobhost.db"
    host.start()
    host.api_json("POST", "/api/v1/jobs", {
        "type": "example.print", "args": {"text": "x"}, "name": "first", "interval": DAY / 1000,
        "begin_time": instant(time.time() + 2 * DAY / 1000)}, expect=201)
    host.stop()
    multiply(path, given.jobs)

    begun = time.monotonic()
    host.start()
    ready = time.monotonic() - begun
    rest = share_at_rest(host, given.rest)
    host.stop()

    moment = (int(time.time() + 3 * ready) + 5) * 1000
    make_due(path, given.due, moment)
    host.start()
    wait_for("each job has its child", lambda: children(path)[0] >= given.due, timeout=120)
    count, lag = children(path)
    host.stop()
    print(f"{given.jobs} recurring jobs: ready after {ready:.2f} s, at rest {rest:.2%} of a core")
    print(f"{count} due in one second: the last child {lag:.2f} s after its time")
    return ready < READY_SECONDS and rest < REST_SHARE and lag < LAG_SECONDS and count == given.due


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("build")
    arguments.add_argument("--plugin", default="example-c", help="a file, or what the build folder has")
    arguments.add_argument("--jobs", type=int, default=100_000)
    arguments.add_argument("--due", type=int, default=10_000)
    arguments.add_argument("--rest", type=float, default=20)
    given = arguments.parse_args()
    host = Host(pathlib.Path(given.build).resolve(), [given.plugin],
                {"run.standby": "true", "log.level": "warn"})
    try:
        fine = measure(host, given)
    except Failure as failure:
        print(failure)
        fine = False
    finally:
        host.clean()
    print("all targets are met" if fine else "a target is missed")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
