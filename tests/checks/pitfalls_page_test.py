"""Holds docs/pitfalls.md against the tests that it names."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ABSENT = {65}  # never was one


def rows():
    """number -> the cells of its line"""
    found = {}
    for line in (ROOT / "docs" / "pitfalls.md").read_text().splitlines():
        if match := re.match(r"\| T(\d+) \|", line):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert int(match[1]) not in found, line
            found[int(match[1])] = cells
    return found


def tests():
    names = set()
    for source in (ROOT / "tests").rglob("*.cpp"):
        for suite, test in re.findall(r"TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\)", source.read_text()):
            names.add(f"{suite}.{test}")
    names |= {f"scenario.{file.parent.name}" for file in (ROOT / "tests").glob("scenarios/*/scenario.toml")}
    torture = (ROOT / "tests" / "torture" / "CMakeLists.txt").read_text()
    return names | set(re.findall(r"torture\.\w+", torture))


class PitfallsPage(unittest.TestCase):
    def test_has_a_line_for_each(self):
        self.assertEqual(set(rows()), set(range(1, 69)) - ABSENT)

    def test_names_tests_that_exist(self):
        known = tests()
        for number, cells in rows().items():
            for name in re.findall(r"`([^`]+)`", cells[3]):
                self.assertIn(name, known, f"T{number}")

    def test_says_why_where_it_names_none(self):
        for number, cells in rows().items():
            if not cells[3]:
                self.assertRegex(cells[2], "not built yet|There is (no|one)", f"T{number}")


if __name__ == "__main__":
    unittest.main()
