"""scripts/check-words finds what must not stand in the tree."""
import unittest

from scratch_tree import ROOT, ScratchTree


class CheckWords(ScratchTree):
    def setUp(self):
        super().setUp()
        self.passes("git", "init", "--quiet")

    def accepted(self, text):
        self.write("host/a.cpp", text)
        self.passes(ROOT / "scripts/check-words", self.root)

    def refused(self, text):
        self.write("host/a.cpp", "// fine\n" + text + "\n")
        self.fails_saying("host/a.cpp:2:", ROOT / "scripts/check-words", self.root)

    def test_plain_text_is_accepted(self):
        self.accepted("// Waits for nowhere; a method to do it; stubborn; see issue trackers.\n")

    def test_unfinished_business_is_refused(self):
        for words in ("// TODO: later", "int x;  // FIXME", "// good enough for now", "// a stub",
                      "auto placeholder = 1;", "#if 0", "// see issue 12"):
            with self.subTest(words):
                self.refused(words)

    def test_path_of_one_machine_is_refused(self):
        self.refused('open("/home/ann/jobs.db");')

    def test_conflict_mark_is_refused(self):
        self.refused("<<<<<<< ours")

    def test_folder_without_files_is_refused(self):
        self.fails_saying("git lists no file here", ROOT / "scripts/check-words", self.root)

    def test_ignored_file_is_not_read(self):
        self.write(".gitignore", "/build/\n")
        self.write("build/a.cpp", "// TODO\n")
        self.accepted("int x;\n")


if __name__ == "__main__":
    unittest.main()
