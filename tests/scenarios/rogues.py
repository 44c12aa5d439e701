#!/usr/bin/env python3
"""Every rogue plugin in a real host: each is contained as tests/rogues/rogues.json says, and a good plugin
beside them goes on working.

usage: rogues.py BUILD_FOLDER SOURCE_FOLDER
"""

import json
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from kit.host import Failure, Host, wait_for  # noqa: E402


def lay_out(host, build):
    """The host reads the rogues where they were built, since some are no ordinary files; beside them
    stand a hard link of the host's own program and a good plugin."""
    load = build / "rogues" / "load"
    linked = host.plugin_dir / "hard_link_of_the_host.so"
    try:
        linked.hardlink_to(build / "bin" / "jobhost")
    except OSError:
        shutil.copy2(build / "bin" / "jobhost", linked)
    folders = f'["plugins", "{load}", "{build}/rogues/run"]'
    host.config.write_text(host.default_config().replace('["plugins"]', folders))


def plugins_by_file(host):
    listed = host.cli(["plugin", "list", "--output", "json"])
    if listed.returncode != 0:
        raise Failure(f"plugin list: {listed.stderr}")
    return {pathlib.Path(plugin["file"]).name: plugin for plugin in json.loads(listed.stdout)["items"]}


def judge_load(expected, plugins, problems):
    for rogue in expected:
        name = rogue["file"]
        if rogue.get("folder", "load") != "load" or name == "world_writable.so":
            continue  # the one takes 30 s, the other needs a mode that a copied folder may have lost
        found = plugins.get(name)
        if found is None:
            problems.append(f"{name} is not listed")
            continue
        if found["state"] != rogue["state"]:
            problems.append(f"{name} is {found['state']}: {found['reason']}")
        for word in rogue.get("reason", []):
            if word.lower() not in (found["reason"] or "").lower():
                problems.append(f"{name}: its reason lacks {word!r}: {found['reason']}")
    link = plugins.get("hard_link_of_the_host.so")
    if link is None or link["state"] != "refused" or not link["reason"]:
        problems.append(f"a hard link of the host is {link}")


def run_rogue(host, rogue, problems):
    job = host.api_json("POST", "/api/v1/jobs?allow_unknown_type=true",
                        {"type": rogue["type"], "args": rogue.get("args", {}), "max_try_count": rogue.get("tries", 1),
                         **({"timeout": rogue["timeout"]} if "timeout" in rogue else {})}, expect=201)
    if rogue["outcome"] == "stuck":
        wait_for("it is shown as stuck",
                 lambda: host.api_json("GET", "/api/v1/status")["stuck"] == 1)
        return
    ended = host.api_json("GET", f"/api/v1/jobs/{job['id']}?wait=30", expect=200)
    attempts = host.api_json("GET", f"/api/v1/jobs/{job['id']}/attempts", expect=200)["items"]
    if not attempts or attempts[-1]["outcome"] != rogue["outcome"]:
        problems.append(f"{rogue['type']}: {attempts}, not {rogue['outcome']} (job {ended['status']})")
        return
    said = json.dumps(attempts[-1].get("error"))
    for word in rogue.get("message", []):
        if word.lower() not in said.lower():
            problems.append(f"{rogue['type']}: its error lacks {word!r}: {said}")


def good_one_works(host):
    done = host.cli(["job", "add", "shell.run", "command=echo fine", "--wait"])
    if done.returncode != 0:
        raise Failure(f"the good plugin suffers: {done.stdout} {done.stderr}")


def main():
    build, source = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    expected = json.loads((source / "tests/rogues/rogues.json").read_text())
    host = Host(build, ["shell"], {"run.workers": 16, "run.cancel_grace": "1s", "host.drain_timeout": "1s"})
    problems = []
    try:
        lay_out(host, build)
        host.start()
        judge_load(expected["load"], plugins_by_file(host), problems)
        good_one_works(host)
        runs = [rogue for rogue in expected["run"] if "outcome" in rogue]
        for rogue in runs:
            run_rogue(host, rogue, problems)
        good_one_works(host)
        if host.request("GET", "/livez", probes=True)[0] != 200:
            problems.append("/livez says no")
        if host.stop() != 1:
            problems.append("a host with a stuck attempt ended as if nothing was wrong")
        print(f"{len(expected['load'])} at load, {len(runs)} at run")
    except Failure as failure:
        problems.append(str(failure))
    finally:
        if problems:
            sys.stderr.write(host.log_text()[-3000:])
        host.clean()
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
