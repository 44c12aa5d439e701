#!/usr/bin/env python3
"""Does what docs/plugin-guide.md tells an author to do, in an empty folder.

    guide.py BUILD-DIR SOURCE-DIR [--build-only]

From the page's top to its bottom: a block after `<!-- file: NAME -->` is written to that file, a block
after `<!-- serve -->` starts a real host on jobhost.toml, every other sh block is run and must end with
0. C++ blocks that are no file are compiled as they stand after the include and the `using`. With
--build-only nothing is asked of the programs of the host.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^(?:<!-- (?P<mark>.*?) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.S | re.M)
HEAD = "#include <jobhost/plugin.hpp>\nusing namespace jobhost::sdk;\n"


class Guide:
    def __init__(self, build, source, folder):
        self.build, self.source, self.folder = build, source, folder
        self.host = None
        self.done = {"files": 0, "commands": 0, "fragments": 0}

    def run(self, with_host):
        text = (self.source / "docs/plugin-guide.md").read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            mark, kind, body = block["mark"] or "", block["kind"], block["text"]
            if mark.startswith("file: "):
                (self.folder / mark.removeprefix("file: ")).write_text(body, encoding="utf-8")
                self.done["files"] += 1
            elif mark == "serve":
                if with_host:
                    self.serve()
            elif kind == "sh":
                if with_host or not body.startswith("jobhost "):
                    self.shell(body)
            elif kind == "cpp":
                self.compile(body)

    def shell(self, commands):
        environment = dict(os.environ, HOME=str(self.folder / "user"), NO_COLOR="1",
                           PATH=f"{self.build}/bin:{os.environ['PATH']}")
        if self.host:
            environment["JOBHOST_HOST"] = "http://%s:%d" % self.host.api
        commands = commands.replace("build/release", str(self.build))
        self.must_work(["bash", "-euo", "pipefail", "-c", commands], environment)
        self.done["commands"] += len(commands.splitlines())

    def compile(self, fragment):
        file = self.folder / "fragment.cpp"
        file.write_text(HEAD + fragment, encoding="utf-8")
        self.must_work(["c++", "-std=c++17", "-Wall", "-Wextra", "-fvisibility=hidden", "-fsyntax-only",
                        f"-I{self.folder}/user/jobhost-sdk/include", str(file)], os.environ)
        self.done["fragments"] += 1

    def serve(self):
        sys.path.insert(0, str(self.source / "tests/scenarios"))
        from kit.host import Host  # only here: without a host nothing of it is needed
        self.host = Host(self.build, plugins=(), folder=self.folder,
                         settings={"http.listen": "127.0.0.1:0", "probes.listen": "127.0.0.1:0"})
        self.host.start()

    def must_work(self, command, environment):
        ended = subprocess.run(command, cwd=self.folder, env=environment, text=True, timeout=120,
                               capture_output=True, check=False, stdin=subprocess.DEVNULL)
        if ended.returncode != 0:
            raise SystemExit(f"{command[-1]}\nended with {ended.returncode}:\n{ended.stdout}{ended.stderr}")


def main(arguments):
    build, source = (pathlib.Path(path).resolve() for path in arguments[:2])
    with tempfile.TemporaryDirectory(prefix="jobhost-guide-") as folder:
        guide = Guide(build, source, pathlib.Path(folder))
        try:
            guide.run(with_host="--build-only" not in arguments)
        finally:
            if guide.host:
                guide.host.stop()
        print(", ".join(f"{count} {what}" for what, count in guide.done.items()))
        return 0 if all(guide.done.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
