"""jobhost_room() and jobhost_test() refuse what the include check cannot see."""
import unittest

from scratch_tree import ROOT, ScratchTree


class RoomOrder(ScratchTree):
    def house(self, *rooms):
        """Each room is a (folder, line) pair, from the ground up."""
        self.write("CMakeLists.txt", f"""
            cmake_minimum_required(VERSION 3.25)
            project(house LANGUAGES CXX)
            list(APPEND CMAKE_MODULE_PATH {ROOT}/cmake)
            set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)
            find_package(Threads REQUIRED)
            find_package(GTest REQUIRED)
            enable_testing()
            include(GoogleTest)
            include(Room)
            add_library(jobhost_test_support INTERFACE)
            foreach(room IN ITEMS {" ".join(folder for folder, _ in rooms)})
                add_subdirectory(host/${{room}})
            endforeach()
            add_subdirectory(tests)
        """)
        self.write("tests/CMakeLists.txt", "")
        for folder, line in rooms:
            self.write(f"host/{folder}/CMakeLists.txt", f"jobhost_room({line})\n")

    def configure(self):
        return ("cmake", "-G", "Ninja", "-B", "build")

    def test_room_may_use_what_stands_below(self):
        self.house(("base", "NAME base"), ("run", "NAME run MAY_USE base"))
        self.passes(*self.configure())

    def test_room_may_not_use_what_stands_above(self):
        self.house(("base", "NAME base MAY_USE run"), ("run", "NAME run"))
        self.fails_saying("room base may not use run: no such room stands below it",
                          *self.configure())

    def test_cycle_cannot_be_written(self):
        self.house(("base", "NAME base"), ("run", "NAME run MAY_USE base http"),
                   ("http", "NAME http MAY_USE base run"))
        self.fails_saying("room run may not use http", *self.configure())

    def test_options_of_a_room_above_are_refused(self):
        self.house(("base", "NAME base OPTIONS_OF run"), ("run", "NAME run"))
        self.fails_saying("room base may not use run", *self.configure())

    def test_package_that_nobody_looked_for_is_refused(self):
        self.house(("base", "NAME base PACKAGES Attic::attic"))
        self.fails_saying("room base: Packages.cmake has no Attic::attic", *self.configure())

    def test_misspelt_keyword_is_refused(self):
        self.house(("base", "NAMED base"))
        self.fails_saying("jobhost_room: NAME is missing", *self.configure())

    def test_hidden_call_into_another_room_does_not_link(self):
        self.house(("base", "NAME base SOURCES id.cpp"), ("http", "NAME http SOURCES server.cpp"))
        self.write("host/base/id.cpp", "int serve();\nint id() { return serve(); }\n")
        self.write("host/http/server.cpp", "int serve();\nint serve() { return 1; }\n")
        self.write("tests/CMakeLists.txt", "jobhost_test(ROOM base SOURCES id_test.cpp)\n")
        self.write("tests/id_test.cpp", """
            #include <gtest/gtest.h>
            int id();
            TEST(Id, IsOne) { EXPECT_EQ(id(), 1); }
        """)
        self.passes(*self.configure())
        self.passes("ninja", "-C", "build", "jobhost_base", "jobhost_http")
        self.fails_saying("undefined reference to `serve()'", "ninja", "-C", "build", "base_test")

    def test_header_that_needs_another_one_first_is_refused(self):
        self.house(("base", "NAME base HEADERS id.hpp"))
        self.write("host/base/id.hpp", "#pragma once\nstd::string id();\n")
        self.passes(*self.configure())
        self.fails_saying("does not name a type",
                          "ninja", "-C", "build", "all_verify_interface_header_sets")


if __name__ == "__main__":
    unittest.main()
