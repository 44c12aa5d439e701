"""scripts/check-child-links reads what jobhost-child is linked from."""
import unittest

from scratch_tree import ROOT, ScratchTree


class CheckChildLinks(ScratchTree):
    def link(self, libraries):
        self.write("build.ninja", f"""
            rule link
              command = c++ child_main.o -o $out {libraries}
            build bin/jobhost-child: link
        """.replace("\n            ", "\n"))
        return ROOT / "scripts/check-child-links", self.root

    def test_rooms_of_the_child_are_accepted(self):
        self.passes(*self.link("libjobhost_isolate.a libjobhost_plugin.a libjobhost_core.a -lssl"))

    def test_room_of_the_host_is_refused(self):
        self.fails_saying("links what it must not: libjobhost_store_sqlite.a",
                          *self.link("libjobhost_isolate.a libjobhost_store_sqlite.a"))

    def test_package_of_the_host_is_refused(self):
        self.fails_saying("libsqlite3.", *self.link("libjobhost_isolate.a /usr/lib/libsqlite3.so"))

    def test_line_of_something_else_is_refused(self):
        self.fails_saying("does not look like the link of jobhost-child", *self.link("x.a"))


if __name__ == "__main__":
    unittest.main()
