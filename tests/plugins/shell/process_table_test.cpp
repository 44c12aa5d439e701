#include "process_table.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "descriptor.hpp"

namespace jobhost::shell {
namespace {

TEST(ProcessTable, ReadsAnEntry) {
    ProcessEntry entry;
    ASSERT_TRUE(parse_process_entry("123 (sleep) S 45 67 67 0 -1 4194304", entry));
    EXPECT_EQ(entry.process, 123);
    EXPECT_EQ(entry.parent, 45);
    EXPECT_EQ(entry.group, 67);
    EXPECT_FALSE(entry.zombie);
}

TEST(ProcessTable, SeesWhoHasEnded) {
    ProcessEntry entry;
    ASSERT_TRUE(parse_process_entry("123 (sleep) Z 45 67 67 ", entry));
    EXPECT_TRUE(entry.zombie);
}

TEST(ProcessTable, IsNotDeceivedByTheNameOfAProgram) {
    ProcessEntry entry;
    ASSERT_TRUE(parse_process_entry("123 (a) R 1 (2) 3) S 45 67 67 ", entry));
    EXPECT_EQ(entry.parent, 45);
}

TEST(ProcessTable, RefusesWhatIsNoEntry) {
    ProcessEntry entry;
    for (const char* const text :
         {"", "123", "x (sleep) S 45 67 ", "123 sleep S 45 67 ", "123 (sleep)", "123 (sleep) S",
          "123 (sleep) S 45", "123 (sleep) S 45 67"}) {
        EXPECT_FALSE(parse_process_entry(text, entry)) << text;
    }
}

TEST(ProcessTable, FindsThisProcessEachTime) {
    const Descriptor folder(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (int round = 0; round < 2; ++round) {
        int found = 0;
        ProcessTable table(folder.number());
        for (ProcessEntry entry; table.next(entry);) {
            if (entry.process == ::getpid()) {
                ++found;
                EXPECT_EQ(entry.parent, ::getppid());
                EXPECT_EQ(entry.group, ::getpgrp());
            }
        }
        EXPECT_EQ(found, 1);
    }
}

TEST(ProcessTable, IsEmptyWhereThereAreNoProcesses) {
    const Descriptor folder(::open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ProcessTable table(folder.number());
    ProcessEntry entry;
    EXPECT_FALSE(table.next(entry));
}

}  // namespace
}  // namespace jobhost::shell
