#!/usr/bin/env python3
"""Runs what the documents tell people to type, against a real host.

usage: documents.py BUILD_FOLDER SOURCE_FOLDER

Every line of a ```sh block of the pages below is run in order, in one shell per page, unless it starts one
of the repository's own scripts or a host (which runs already). It must end with 0; a block that is
followed by a ```text block must print what stands there, where `…` stands for anything.
"""

import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from kit.host import Failure, Host  # noqa: E402

PAGES = ["README.md", "docs/http-api.md", "docs/cli.md", "docs/operations.md"]
NOT_HERE = re.compile(r"^(scripts/|sudo |systemctl |git |cd |cmake |# |jobhost serve|build/\S+/jobhost serve|kill )")


def blocks(text):
    """(commands, expected output or None) of each sh block."""
    found = re.findall(r"^```sh\n(.*?)^```\n(?:\s*^```text\n(.*?)^```\n)?", text, re.S | re.M)
    return [(commands, expected or None) for commands, expected in found]


def runnable(commands):
    joined = re.sub(r"\\\n\s*", " ", commands)
    lines = [line for line in joined.splitlines() if line.strip()]
    return "\n".join(line for line in lines if not NOT_HERE.match(line.strip()))


def pattern(expected):
    """What must be printed; how it is broken into lines does not matter."""
    parts = [r"\s*".join(map(re.escape, part.split())) for part in expected.split("…")]
    return ".*".join(parts)


def run_page(host, source, page):
    text = (source / page).read_text()
    api = "http://%s:%d" % host.api
    probes = "http://%s:%d" % host.probes
    ran = 0
    for commands, expected in blocks(text):
        script = runnable(commands)
        if not script:
            continue
        script = script.replace("http://127.0.0.1:7460", api).replace("http://127.0.0.1:7461", probes)
        script = script.replace("127.0.0.1:7460", api[7:]).replace("127.0.0.1:7461", probes[7:])
        script = script.replace("build/release/", f"{host.build}/")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, timeout=120,
            cwd=source, stdin=subprocess.DEVNULL,
            env={"PATH": f"{host.build}/bin:/usr/local/bin:/usr/bin:/bin", "HOME": str(host.folder),
                 "JOBHOST_HOST": api},
        )
        if done.returncode != 0:
            raise Failure(f"{page}: ended with {done.returncode}:\n{script}\n{done.stdout}{done.stderr}")
        if expected and not re.search(pattern(expected), done.stdout, re.S):
            raise Failure(f"{page}: printed\n{done.stdout}\nnot\n{expected}\nfor\n{script}")
        ran += 1
    if ran == 0 and "```sh" in text:
        raise Failure(f"{page}: none of its commands was run")
    return ran


def main():
    build, source = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    failed = 0
    for page in PAGES:
        host = Host(build, ["shell", "example-c"])
        try:
            host.start()
            print(f"ok {page}: {run_page(host, source, page)} blocks")
            host.stop()
        except Failure as failure:
            failed += 1
            print(f"FAILED {failure}")
        finally:
            host.clean()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
