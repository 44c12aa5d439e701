"""A real jobhost for tests: its own folder, free ports, the built programs."""

import http.client
import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time


class Failure(Exception):
    """What was to be seen was not seen."""


class Host:
    """One data folder and the hosts that run on it, one after the other.

    `build` is the build folder with bin/ and plugins/. `settings` become --set arguments.
    """

    READY_SECONDS = 60

    def __init__(self, build, plugins=("shell",), settings=None, folder=None):
        self.build = pathlib.Path(build)
        self.own_folder = folder is None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="jobhost-test-"))
        self.settings = dict(settings or {})
        self.process = None
        self.log = self.folder / "host.log"
        self.plugin_dir = self.folder / "plugins"
        self.plugin_dir.mkdir(exist_ok=True)
        for plugin in plugins:
            self.add_plugin(plugin)
        self.config = self.folder / "jobhost.toml"
        if not self.config.exists():
            self.config.write_text(self.default_config())

    def default_config(self):
        return (
            '[host]\nname = "test"\ndata_dir = "data"\ndrain_timeout = "20s"\n'
            '[storage]\nurl = "sqlite:data/jobhost.db"\n'
            '[run]\nworkers = 4\n'
            '[plugins]\ndirs = ["plugins"]\n'
            '[http]\nlisten = ["127.0.0.1:0"]\n'
            '[probes]\nlisten = ["127.0.0.1:0"]\n'
            '[log]\nlevel = "debug"\n'
        )

    def add_plugin(self, name):
        source = pathlib.Path(name)
        if not source.is_absolute():
            folders = ("plugins", "templates", "rogues/load", "rogues/run", "rogues/hangs")
            found = [path for folder in folders if (path := self.build / folder / f"{name}.so").exists()]
            if not found:
                raise Failure(f"no plugin {name} below {self.build}")
            source = found[0]
        target = self.plugin_dir / source.name
        shutil.copy2(source, target)
        target.chmod(0o644)

    @property
    def program(self):
        return str(self.build / "bin" / "jobhost")

    def serve_command(self):
        command = [self.program, "serve", "--config", str(self.config)]
        for key, value in self.settings.items():
            command += ["--set", f"{key}={value}"]
        return command

    def spawn(self, **options):
        """Starts the program and returns at once."""
        log = open(self.log, "ab")
        self.log_start = log.tell()
        self.process = subprocess.Popen(
            self.serve_command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL, **options
        )
        log.close()

    def start(self, **options):
        """Starts the program and waits until it says that it is ready."""
        self.spawn(**options)
        deadline = time.monotonic() + self.READY_SECONDS
        while True:
            text = self.log.read_bytes()[self.log_start:].decode(errors="replace")
            api = re.search(r"API on http://([0-9.]+):(\d+)", text)
            probes = re.search(r"[Pp]robes on http://([0-9.]+):(\d+)", text)
            if api and probes:
                self.api = (api[1], int(api[2]))
                self.probes = (probes[1], int(probes[2]))
                return self
            if self.process.poll() is not None:
                raise Failure(f"the host ended with {self.process.returncode}:\n{text}")
            if time.monotonic() > deadline:
                raise Failure(f"the host is not ready after {self.READY_SECONDS} s:\n{text}")
            select.select([], [], [], 0.01)

    def cli(self, arguments, stdin=None, timeout=120, cwd=None):
        """Runs `jobhost ARGUMENTS` against this host; returns the finished process."""
        env = dict(os.environ, NO_COLOR="1")
        if self.process is not None:
            env["JOBHOST_HOST"] = f"http://{self.api[0]}:{self.api[1]}"
        return subprocess.run(
            [self.program, *arguments], input=stdin, capture_output=True, text=True, errors="replace",
            timeout=timeout, env=env, cwd=cwd,
        )

    def request(self, method, path, body=None, headers=None, probes=False, timeout=90):
        """One HTTP request; returns (status, headers, body text)."""
        address = self.probes if probes else self.api
        connection = http.client.HTTPConnection(*address, timeout=timeout)
        try:
            sent = {"Content-Type": "application/json"} if body is not None else {}
            sent.update(headers or {})
            connection.request(method, path, body=body.encode() if isinstance(body, str) else body, headers=sent)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode(errors="replace")
        finally:
            connection.close()

    def api_json(self, method, path, body=None, expect=None):
        status, _, text = self.request(method, path, None if body is None else json.dumps(body))
        if expect is not None and status != expect:
            raise Failure(f"{method} {path}: {status}, not {expect}: {text}")
        return json.loads(text)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def signal(self, name):
        self.process.send_signal(getattr(signal, f"SIG{name}"))

    def wait_end(self, timeout=60):
        return self.process.wait(timeout)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                return self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise Failure("the host did not stop within 60 s of SIGTERM")
        return self.process.returncode if self.process else None

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def clean(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def wait_for(what, seen, timeout=30):
    """Asks `seen` until it answers something true; `what` names it in the failure."""
    deadline = time.monotonic() + timeout
    while True:
        value = seen()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure(f"not seen within {timeout} s: {what}")
        select.select([], [], [], 0.02)
