"""scripts/check-rooms refuses what compiles and links and still goes through a wall."""
import unittest

from scratch_tree import ROOT, ScratchTree

TABLE = """
    | room | sentence | may use |
    |---|---|---|
    | `base` | words | – |
    | `store`; `store/sqlite` | memory | base |
    | `run` | runs | base |
    | `config` | reads | base, options of run |
"""


class CheckRooms(ScratchTree):
    def setUp(self):
        super().setUp()
        self.room("base", "NAME base HEADERS id.hpp PACKAGES fmt::fmt")
        self.room("store", "NAME store HEADERS job_store.hpp MAY_USE base")
        self.room("store/sqlite", "NAME store/sqlite SOURCES a.cpp MAY_USE base")
        self.room("run", "NAME run HEADERS options.hpp SOURCES dispatcher.cpp MAY_USE base")
        self.room("config", "NAME config SOURCES read.cpp MAY_USE base  # words\n OPTIONS_OF run")
        self.write("docs/architecture.md", TABLE)

    def room(self, folder, line):
        self.write(f"host/{folder}/CMakeLists.txt", f"jobhost_room({line})\n")

    def accepted(self):
        self.passes(ROOT / "scripts/check-rooms", self.root)

    def refused(self, sentence):
        self.fails_saying(sentence, ROOT / "scripts/check-rooms", self.root)

    def test_allowed_includes_are_accepted(self):
        self.write("host/run/dispatcher.cpp",
                   '#include "run/options.hpp"\n#include <vector>\n#include "base/id.hpp"\n')
        self.accepted()

    def test_forbidden_include_is_refused_with_file_and_line(self):
        self.write("host/run/dispatcher.cpp", '\n#include "store/job_store.hpp"\n')
        self.refused("host/run/dispatcher.cpp:2: room run may not use store")

    def test_room_above_is_refused(self):
        self.write("host/base/id.hpp", '#include "run/options.hpp"\n')
        self.refused("host/base/id.hpp:1: room base may not use run")

    def test_longest_folder_decides_the_room(self):
        self.write("host/store/sqlite/a.cpp", '#include "store/job_store.hpp"\n')
        self.refused("room store/sqlite may not use store")
        self.write("host/store/sqlite/a.cpp", '#include "store/sqlite/a.hpp"\n')
        self.accepted()

    def test_options_of_a_room_are_its_options_header_alone(self):
        self.write("host/config/read.cpp", '#include "run/options.hpp"\n')
        self.accepted()
        self.write("host/config/read.cpp", '#include "run/dispatcher.hpp"\n')
        self.refused("room config may not use run")

    def test_header_of_no_room_is_refused(self):
        self.write("host/run/dispatcher.cpp", '#include "dispatcher.hpp"\n')
        self.refused("dispatcher.hpp is in no room")

    def test_package_that_the_room_does_not_list_is_refused(self):
        self.write("host/base/id.hpp", "#include <fmt/core.h>\n")
        self.accepted()
        self.write("host/run/dispatcher.cpp", "#include <fmt/core.h>\n")
        self.refused("room run does not list fmt::fmt in PACKAGES")

    def test_border_header_needs_the_sdk(self):
        self.write("host/run/dispatcher.cpp", "#include <jobhost/plugin.h>\n")
        self.refused("room run may not use sdk")

    def test_table_that_says_something_else_is_refused(self):
        self.write("docs/architecture.md", TABLE.replace("| runs | base |", "| runs | base store |"))
        self.refused("docs/architecture.md: room run may use base")

    def test_table_with_an_unknown_room_is_refused(self):
        self.write("docs/architecture.md", TABLE.replace("`run`", "`run` `attic`"))
        self.refused("docs/architecture.md: there is no room attic")

    def test_room_missing_in_the_table_is_refused(self):
        self.write("docs/architecture.md", TABLE.replace("| `run` | runs | base |", ""))
        self.refused("docs/architecture.md: room run may use base")


if __name__ == "__main__":
    unittest.main()
