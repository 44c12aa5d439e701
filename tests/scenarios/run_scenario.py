#!/usr/bin/env python3
"""Runs one scenario: a folder with scenario.toml, against the real program.

usage: run_scenario.py BUILD_FOLDER SCENARIO_FOLDER

A scenario has a `title`, optional `plugins`, `[settings]`, `files` to lay into the host's folder, and
steps done in order. Each step is one of

  cli = "job add shell.run command='echo hi'"    exit, stdout, stderr, json
  http = "POST /api/v1/jobs"                     body, headers, probes, status, json, text
  raw = "GET / HTTP/1.1\\r\\n\\r\\n"               text (bytes sent as they are), closed
  signal = "TERM"                                exit (waits for the end)
  kill = true | start = true | start_fails = 78 (exit code; text)
  write = { file = "text" }                      files changed between steps
  sql = "SELECT …"                               rows

`stdout`, `stderr`, `text`: strings that must occur; with a leading `!` they must not; `re:` is a
regular expression. `json`: dotted paths and what must stand there; a string with `re:` is matched.
`save = { id = "id" }` keeps values of the JSON answer for `{id}` in later steps; `until = true`
repeats the step until it holds. `{in 5s}` is the instant five seconds from then.
"""

import datetime
import json
import pathlib
import re
import select
import shlex
import socket
import sqlite3
import sys
import time
import tomllib

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from kit.host import Failure, Host  # noqa: E402

UNTIL_SECONDS = 30


class Scenario:
    def __init__(self, build, folder):
        self.folder = folder
        self.text = tomllib.loads((folder / "scenario.toml").read_text())
        self.saved = {}
        self.host = Host(build, self.text.get("plugins", ["shell"]), self.text.get("settings"))
        self.saved.update(dir=str(self.host.folder), build=str(build))
        for name, content in self.text.get("files", {}).items():
            self.write(name, content)

    def write(self, name, content):
        path = self.host.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.fill(content))

    def fill(self, text):
        for name, value in self.saved.items():
            text = text.replace("{" + name + "}", str(value))
        return re.sub(r"\{in (\d+)s\}", lambda match: instant_in(int(match[1])), text)

    def run(self):
        try:
            if self.text.get("start", True):
                self.host.start()
            for number, step in enumerate(self.text["step"], 1):
                try:
                    self.step(step)
                except Failure as failure:
                    raise Failure(f"step {number} {describe(step)}: {failure}") from None
            if self.text.get("stop", True):
                code = self.host.stop()
                if code not in (0, None):
                    raise Failure(f"the host ended with {code}")
        except Failure:
            sys.stderr.write("---- log of the host\n" + self.host.log_text()[-8000:] + "\n----\n")
            raise
        finally:
            self.host.clean()

    def step(self, step):
        kinds = [kind for kind in STEPS if kind in step]
        if len(kinds) != 1:
            raise Failure(f"a step is exactly one of {', '.join(STEPS)}")
        deadline = time.monotonic() + UNTIL_SECONDS
        while True:
            try:
                return STEPS[kinds[0]](self, step)
            except Failure:
                if not step.get("until") or time.monotonic() > deadline:
                    raise
                select.select([], [], [], 0.05)

    def cli(self, step):
        stdin = self.fill(step["stdin"]) if "stdin" in step else None
        done = self.host.cli(shlex.split(self.fill(step["cli"])), stdin, cwd=self.host.folder)
        shown = f"\nstdout: {done.stdout}\nstderr: {done.stderr}"
        expect_equal("exit code", done.returncode, step.get("exit", 0), shown)
        self.expect_texts(done.stdout, step.get("stdout", []), "stdout")
        self.expect_texts(done.stderr, step.get("stderr", []), "stderr")
        self.expect_json(done.stdout, step)

    def http(self, step):
        method, path = self.fill(step["http"]).split(" ", 1)
        body = self.fill(step["body"]) if "body" in step else None
        status, headers, text = self.host.request(
            method, path, body, step.get("headers"), step.get("probes", False)
        )
        expect_equal("status", status, step.get("status", 200), f"\n{text}")
        for name, value in step.get("has_headers", {}).items():
            expect_value(f"header {name}", headers.get(name), self.fill(value))
        self.expect_texts(text, step.get("text", []), "body")
        self.expect_json(text, step)

    def raw(self, step):
        address = self.host.probes if step.get("probes") else self.host.api
        with socket.create_connection(address, timeout=10) as connection:
            sent = self.fill(step["raw"]).replace("{api}", "%s:%d" % self.host.api)
            connection.sendall(sent.encode())
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        self.expect_texts(answer.decode(errors="replace"), step.get("text", []), "answer")

    def signal(self, step):
        self.host.signal(step["signal"])
        if "exit" in step:
            expect_equal("exit code of the host", self.host.wait_end(), step["exit"])

    def kill(self, step):
        self.host.kill()

    def start(self, step):
        self.host.start()

    def start_fails(self, step):
        self.host.spawn()
        expect_equal("exit code of the host", self.host.wait_end(), step["start_fails"],
                     self.host.log_text())
        text = self.host.log.read_bytes()[self.host.log_start:].decode(errors="replace")
        self.expect_texts(text, step.get("text", []), "what it said")

    def change_files(self, step):
        for name, content in step["write"].items():
            self.write(name, content)

    def sql(self, step):
        database = sqlite3.connect(self.host.folder / "data" / "jobhost.db")
        try:
            rows = [list(row) for row in database.execute(self.fill(step["sql"]))]
        finally:
            database.close()
        expect_equal("rows", rows, step["rows"])

    def expect_texts(self, text, wanted, what):
        for item in [wanted] if isinstance(wanted, str) else wanted:
            item = self.fill(item)
            if item.startswith("!"):
                if item[1:] in text:
                    raise Failure(f"{what} has {item[1:]!r}:\n{text}")
            elif item.startswith("re:"):
                if not re.search(item[3:], text, re.S):
                    raise Failure(f"{what} does not match {item[3:]!r}:\n{text}")
            elif item not in text:
                raise Failure(f"{what} lacks {item!r}:\n{text}")

    def expect_json(self, text, step):
        if "json" not in step and "save" not in step:
            return
        try:
            document = json.loads(text)
        except ValueError:
            raise Failure(f"no JSON: {text!r}") from None
        for path, wanted in step.get("json", {}).items():
            wanted = self.fill(wanted) if isinstance(wanted, str) else wanted
            expect_value(path, at(document, path), wanted, text)
        for name, path in step.get("save", {}).items():
            self.saved[name] = at(document, path)


STEPS = {
    "cli": Scenario.cli,
    "http": Scenario.http,
    "raw": Scenario.raw,
    "signal": Scenario.signal,
    "kill": Scenario.kill,
    "start": Scenario.start,
    "start_fails": Scenario.start_fails,
    "write": Scenario.change_files,
    "sql": Scenario.sql,
}


def instant_in(seconds):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (when.microsecond // 1000)


def describe(step):
    return next(f"({kind} {step[kind]!r})" for kind in step)


def at(document, path):
    """`items.0.id`; a path that leads nowhere is None, `#` is a length."""
    for part in path.split("."):
        if part == "#":
            document = len(document) if document is not None else None
        elif isinstance(document, list):
            document = document[int(part)] if int(part) < len(document) else None
        elif isinstance(document, dict):
            document = document.get(part)
        else:
            return None
    return document


def expect_equal(what, seen, wanted, more=""):
    if seen != wanted:
        raise Failure(f"{what} is {seen!r}, not {wanted!r} {more}")


def expect_value(what, seen, wanted, more=""):
    if isinstance(wanted, str) and wanted.startswith("re:"):
        if not isinstance(seen, str) or not re.search(wanted[3:], seen):
            raise Failure(f"{what} is {seen!r}, does not match {wanted[3:]!r} {more}")
    elif wanted == "(none)":
        expect_equal(what, seen, None, more)
    else:
        expect_equal(what, seen, wanted, more)


def main():
    build, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    try:
        Scenario(build, folder).run()
    except Failure as failure:
        sys.exit(f"{folder.name}: {failure}")


if __name__ == "__main__":
    main()
