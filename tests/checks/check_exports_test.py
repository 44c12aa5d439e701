"""scripts/check-exports, and jobhost_add_plugin() which makes it pass."""
import unittest

from scratch_tree import ROOT, ScratchTree

ENTRY = "void* jobhost_plugin_v1(void); void* jobhost_plugin_v1(void) { return 0; }\n"
SECOND = "int answer(void); int answer(void) { return 42; }\n"


class CheckExports(ScratchTree):
    def plugin(self, text):
        self.write("plugin.c", text)
        self.passes("cc", "-shared", "-fPIC", "-o", "plugin.so", "plugin.c")

    def refused(self, sentence, *paths):
        self.fails_saying(sentence, ROOT / "scripts/check-exports", *paths)

    def test_plugin_with_the_entry_alone_is_accepted(self):
        self.plugin(ENTRY)
        self.passes(ROOT / "scripts/check-exports", "plugin.so")

    def test_plugin_with_two_exports_is_refused(self):
        self.plugin(ENTRY + SECOND)
        self.refused("plugin.so exports: answer jobhost_plugin_v1", "plugin.so")

    def test_plugin_without_the_entry_is_refused(self):
        self.plugin("static int unused;\n")
        self.refused("plugin.so exports: nothing", "plugin.so")

    def test_every_plugin_of_a_folder_is_looked_at(self):
        self.plugin(ENTRY + SECOND)
        self.refused("plugin.so exports: answer", self.root)

    def test_empty_folder_is_refused(self):
        self.refused("No such file", self.root)

    def test_function_that_makes_plugins_hides_the_second_export(self):
        self.write("CMakeLists.txt", f"""
            cmake_minimum_required(VERSION 3.25)
            project(outside LANGUAGES C)
            add_library(jobhost::sdk INTERFACE IMPORTED)
            include({ROOT}/sdk/cmake/JobhostPlugin.cmake)
            jobhost_add_plugin(plugin SOURCES plugin.c)
        """)
        self.write("plugin.c",
                   '#pragma GCC visibility push(default)\n' + ENTRY + SECOND)
        self.passes("cmake", "-G", "Ninja", "-B", "build")
        self.passes("ninja", "-C", "build")
        self.passes(ROOT / "scripts/check-exports", "build/plugin.so")

    def test_function_that_makes_plugins_refuses_a_missing_symbol(self):
        self.write("CMakeLists.txt", f"""
            cmake_minimum_required(VERSION 3.25)
            project(outside LANGUAGES C)
            add_library(jobhost::sdk INTERFACE IMPORTED)
            include({ROOT}/sdk/cmake/JobhostPlugin.cmake)
            jobhost_add_plugin(plugin SOURCES plugin.c)
        """)
        self.write("plugin.c",
                   "int missing(void); int jobhost_plugin_v1(void) { return missing(); }\n")
        self.passes("cmake", "-G", "Ninja", "-B", "build")
        self.fails_saying("undefined reference to `missing'", "ninja", "-C", "build")


if __name__ == "__main__":
    unittest.main()
