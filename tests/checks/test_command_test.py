"""scripts/test counts what was run, and fails when something did."""
import os
import shutil
import unittest

from scratch_tree import ROOT, ScratchTree

GREEN = """
      Start  1: base.Id.IsOne
 1/3 Test  #1: base.Id.IsOne ......   Passed    0.01 sec
 2/3 Test  #2: base.Id.IsTwo ......***Skipped   0.01 sec
 3/3 Test  #3: base.Id.IsSix ......   Passed    0.01 sec
100% tests passed, 0 tests failed out of 3
"""
RED = """
 1/2 Test  #1: base.Id.IsOne ......***Failed    0.01 sec
 2/2 Test  #2: base.Id.IsTwo ......   Passed    0.01 sec
50% tests passed, 1 tests failed out of 2
"""


class TestCommand(ScratchTree):
    def setUp(self):
        super().setUp()
        (self.root / "scripts").mkdir()
        (self.root / "build/dev").mkdir(parents=True)
        shutil.copy(ROOT / "scripts/test", self.root / "scripts/test")
        self.program("scripts/install-packages", "exit 0")
        self.program("scripts/build", "exit 0")

    def program(self, path, line):
        self.write(path, f"#!/bin/sh\n{line}\n")
        (self.root / path).chmod(0o755)

    def ctest_prints(self, text, code=0):
        self.write("printed", text)
        self.program("bin/ctest", f"cat printed; exit {code}")

    def run_tests(self, *names):
        path = f"PATH={self.root}/bin:{os.environ['PATH']}"
        result = self.run_here("env", path, "scripts/test", *names)
        return result.returncode, result.stdout.splitlines()

    def test_last_line_counts_builds_and_tests_but_not_skipped_ones(self):
        self.ctest_prints(GREEN)
        code, lines = self.run_tests("quick")
        self.assertEqual((code, lines[-1]), (0, "3 passed, 0 failed"))

    def test_parts_are_added_up(self):
        self.ctest_prints(GREEN)
        code, lines = self.run_tests("quick", "scenarios")
        self.assertEqual((code, lines[-1]), (0, "6 passed, 0 failed"))

    def test_failed_test_fails_the_command(self):
        self.ctest_prints(RED, 8)
        code, lines = self.run_tests("quick")
        self.assertEqual((code, lines[-1]), (1, "2 passed, 1 failed"))

    def test_ctest_that_finds_no_test_is_a_failure(self):
        self.ctest_prints("No tests were found!!!\n", 8)
        code, lines = self.run_tests("quick")
        self.assertEqual((code, lines[-1]), (1, "1 passed, 1 failed"))

    def test_failed_build_is_a_failure_and_runs_nothing(self):
        self.ctest_prints(GREEN)
        self.program("scripts/build", "exit 1")
        code, lines = self.run_tests("quick")
        self.assertEqual((code, lines[-1]), (1, "0 passed, 1 failed"))

    def test_unknown_name_is_refused_before_anything_runs(self):
        code, lines = self.run_tests("quick", "quack")
        self.assertEqual(code, 64)
        self.assertIn("no test is called 'quack'", lines[-1])


if __name__ == "__main__":
    unittest.main()
