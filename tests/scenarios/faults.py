#!/usr/bin/env python3
"""Faults of the machine under a real host: what it says, and that nothing accepted is lost.

usage: faults.py BUILD_FOLDER SOURCE_FOLDER

Mounts are made in a mount namespace of this test's own, so it starts itself again through `unshare`.
Where that is not allowed the cases that need a mount are left out, and the output says so.
"""

import json
import os
import pathlib
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from kit.host import Failure, Host, wait_for  # noqa: E402

JOB = {"type": "shell.run", "args": {"command": "true"}}
LATER = dict(JOB, begin_time="2199-01-01T00:00:00Z")


def expect(condition, what):
    if not condition:
        raise Failure(what)


def expect_start_fails(host, code, *words, **options):
    host.spawn(**options)
    ended = host.wait_end()
    text = host.log_text()
    expect(ended == code, f"ended with {ended}, not {code}: {text}")
    for word in words:
        expect(word in text, f"does not say {word!r}: {text}")


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def second_host_on_the_same_data(build):
    host = Host(build)
    try:
        host.start()
        other = Host(build, folder=host.folder)
        other.log = host.folder / "other.log"
        expect_start_fails(other, 1, "in use by another jobhost")
        expect(host.api_json("GET", "/api/v1/status")["state"] == "ready", "the first one suffered")
        host.stop()
    finally:
        host.clean()


def second_host_on_the_same_database(build):
    host = Host(build)
    try:
        host.start()
        database = host.folder / "data" / "jobhost.db"
        other = Host(build, settings={"storage.url": f"sqlite:{database}"})
        try:
            expect_start_fails(other, 1, str(database), "locked", str(host.process.pid))
        finally:
            other.clean()
        host.stop()
    finally:
        host.clean()


def corrupt_database(build):
    host = Host(build)
    try:
        host.start()
        host.stop()
        database = host.folder / "data" / "jobhost.db"
        database.write_bytes(b"this is no database, it is a letter" * 500)
        before = database.read_bytes()
        expect_start_fails(host, 1, str(database))
        expect(database.read_bytes() == before, "the file was changed")
    finally:
        host.clean()


def foreign_database(build):
    host = Host(build)
    try:
        (host.folder / "data").mkdir()
        database = sqlite3.connect(host.folder / "data" / "jobhost.db")
        database.execute("PRAGMA application_id = 4711")
        database.execute("CREATE TABLE letters(text)")
        database.commit()
        database.close()
        expect_start_fails(host, 1, "jobhost.db")
    finally:
        host.clean()


def port_in_use(build):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        host = Host(build)
        host.config.write_text(host.default_config().replace(
            '[http]\nlisten = ["127.0.0.1:0"]', f'[http]\nlisten = ["127.0.0.1:{port}"]'))
        try:
            expect_start_fails(host, 1, f"127.0.0.1:{port}")
        finally:
            host.clean()


def wrong_configuration(build):
    host = Host(build)
    host.config.write_text(host.default_config() + '[run2]\n[log]\nlevle = "info"\n')
    try:
        expect_start_fails(host, 78, "jobhost.toml:")
        host.config.unlink()
        expect_start_fails(host, 78, "jobhost.toml")
    finally:
        host.clean()


def read_only_disk(build):
    host = Host(build)
    try:
        host.start()
        host.stop()
        data = str(host.folder / "data")
        mount("--bind", data, data)
        mount("-o", "remount,ro,bind", data)
        expect_start_fails(host, 1, "Read-only file system")
        subprocess.run(["umount", data], check=True)
        host.start()
        host.stop()
    finally:
        host.clean()


def full_disk(build):
    """Jobs are refused while there is no room, the accepted ones run, and all is well afterwards."""
    host = Host(build)
    try:
        (host.folder / "data").mkdir()
        mount("-t", "tmpfs", "-o", "size=32m", "none", str(host.folder / "data"))
        host.start()
        accepted = fill(host)
        expect(len(accepted) > 0, "nothing was accepted at all")
        # Where no large job has room a small write still may have, until all of it is used up.
        wait_for("readyz says no", lambda: accepted.extend(fill(host, 100)) or is_unready(host))
        mount("-o", "remount,size=96m", str(host.folder / "data"))
        wait_for("readyz says yes", lambda: host.request("GET", "/readyz", probes=True)[0] == 200)
        accepted.append(host.api_json("POST", "/api/v1/jobs", LATER, expect=201)["id"])
        done = host.api_json("POST", "/api/v1/jobs", JOB, expect=201)["id"]
        expect(host.api_json("GET", f"/api/v1/jobs/{done}?wait=30")["status"] == "completed",
               "no job runs after the disk has room again")
        host.kill()
        host.start()
        for job in accepted:
            host.api_json("GET", f"/api/v1/jobs/{job}", expect=200)
        host.stop()
    finally:
        subprocess.run(["umount", "-l", str(host.folder / "data")], check=False)
        host.clean()


def file_size_limit(build):
    host = Host(build)
    limit = 32 * 1024 * 1024
    try:
        host.start()
        host.stop()
        host.start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        accepted = fill(host)
        expect(host.process.poll() is None, "the host died of the limit")
        host.kill()
        host.start()
        for job in accepted:
            host.api_json("GET", f"/api/v1/jobs/{job}", expect=200)
        host.stop()
    finally:
        host.clean()


def is_unready(host):
    return host.request("GET", "/readyz", probes=True)[0] == 503


def fill(host, size=200_000):
    """Adds jobs of this size until one is refused; returns the accepted ids."""
    accepted = []
    job = dict(LATER, args={"command": "x" * size})
    for _ in range(20_000):
        status, _, text = host.request("POST", "/api/v1/jobs", json.dumps(job))
        if status != 201:
            expect(status == 503, f"refused with {status}: {text}")
            return accepted
        accepted.append(json.loads(text)["id"])
    raise Failure("the disk never got full")


def library_whose_destructor_hangs(build):
    host = Host(build)
    try:
        shutil.copy2(build / "rogues" / "ends" / "destructor_hangs.so", host.plugin_dir)
        host.start()
        expect("destructor_hangs.so" in host.cli(["plugin", "list", "--output", "json"]).stdout, "it is not loaded")
        code = host.stop()
        expect(code == 0, f"ended with {code}")
    finally:
        host.clean()


CASES = [second_host_on_the_same_data, second_host_on_the_same_database, corrupt_database,
         foreign_database, port_in_use, wrong_configuration, file_size_limit,
         library_whose_destructor_hangs]
CASES_WITH_MOUNTS = [read_only_disk, full_disk]


def may_mount():
    return os.environ.get("JOBHOST_TEST_MOUNTS") == "yes"


def enter_namespace():
    """Starts this program again in a mount namespace of its own, where that is allowed."""
    if may_mount() or os.geteuid() != 0 or not shutil.which("unshare"):
        return
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", folder],
                               capture_output=True)
    if tried.returncode == 0:
        environment = dict(os.environ, JOBHOST_TEST_MOUNTS="yes")
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private",
                               sys.executable, *sys.argv], environment)


def main():
    enter_namespace()
    build = pathlib.Path(sys.argv[1]).resolve()
    cases = CASES + (CASES_WITH_MOUNTS if may_mount() else [])
    if not may_mount():
        print("left out, mounts are not allowed here:", *[c.__name__ for c in CASES_WITH_MOUNTS])
    failed = 0
    for case in cases:
        try:
            case(build)
            print("ok", case.__name__)
        except Failure as failure:
            failed += 1
            print("FAILED", case.__name__, failure)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
