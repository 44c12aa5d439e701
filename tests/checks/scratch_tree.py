"""A small source tree in a temporary folder, for trying a check on it."""
import os
import pathlib
import subprocess
import tempfile
import textwrap
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class ScratchTree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="jobhost-check-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))

    def run_here(self, *command):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        environment["LC_ALL"] = "C"
        return subprocess.run([str(word) for word in command], cwd=self.root, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)

    def passes(self, *command):
        result = self.run_here(*command)
        self.assertEqual(result.returncode, 0, result.stdout)

    def fails_saying(self, sentence, *command):
        result = self.run_here(*command)
        self.assertNotEqual(result.returncode, 0, result.stdout)
        # CMake breaks its lines where it likes.
        self.assertIn(sentence, " ".join(result.stdout.split()))
