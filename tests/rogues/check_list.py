#!/usr/bin/env python3
"""rogues.json names every rogue that was built, and no other.

    check_list.py ROGUES-DIR SOURCE-DIR
"""
import json
import pathlib
import re
import sys


def main(built, sources):
    listed = json.loads((sources / "rogues.json").read_text(encoding="utf-8"))
    files = {path.relative_to(built).as_posix()
             for folder in ("load", "hangs", "ends") for path in (built / folder).glob("*.so")}
    named = {f'{rogue.get("folder", "load")}/{rogue["file"]}' for rogue in listed["load"]}
    types = {found for source in (sources / "run").glob("*.cpp")
             for found in re.findall(r'\{"(rogue\.[a-z-]+)",', source.read_text(encoding="utf-8"))}
    run = {rogue["type"] for rogue in listed["run"]} | {"rogue.report"}
    wrong = sorted(files ^ named) + sorted(types ^ run)
    for name in wrong:
        print(f"{name}: " + ("not in rogues.json" if name in files | types else "not built"))
    print(f"{len(named)} rogues at load, {len(run) - 1} at run")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
