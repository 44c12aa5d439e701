#include "descriptor.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

namespace jobhost::shell {
namespace {

bool is_closed_on_exec(const Descriptor& descriptor) {
    return (::fcntl(descriptor.number(), F_GETFD) & FD_CLOEXEC) != 0;
}

std::string read_all(const Descriptor& descriptor) {
    std::string text;
    char piece[4096];
    for (ssize_t size = 0; (size = ::read(descriptor.number(), piece, sizeof piece)) > 0;) {
        text.append(piece, static_cast<std::size_t>(size));
    }
    return text;
}

TEST(Descriptor, ClosesWhatItOwns) {
    int number = -1;
    {
        const Descriptor owner(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        number = owner.number();
        EXPECT_TRUE(owner);
    }
    EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST(Descriptor, GivesUpWhatIsMovedAndClosesWhatIsReplaced) {
    Descriptor first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    Descriptor second(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const int replaced = second.number();
    const int kept = first.number();
    second = std::move(first);
    EXPECT_EQ(second.number(), kept);
    EXPECT_EQ(::fcntl(replaced, F_GETFD), -1);
    EXPECT_GE(::fcntl(kept, F_GETFD), 0);
}

TEST(Descriptor, PipesAndChannelsCloseOnExec) {
    auto pipe = open_pipe();
    auto channel = open_channel();
    ASSERT_TRUE(pipe && channel);
    for (const Descriptor* end : {&pipe->read, &pipe->write, &channel->ours, &channel->theirs}) {
        EXPECT_TRUE(is_closed_on_exec(*end));
    }
}

TEST(Descriptor, ATextCanBeReadOnceItIsOpen) {
    std::string text(3'000'000, 'x');
    text.append(1, '\0').append("end");
    const auto opened = open_text(text);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(is_closed_on_exec(*opened));
    EXPECT_EQ(read_all(*opened), text);
}

TEST(Descriptor, AnEmptyTextIsAtItsEnd) {
    const auto opened = open_text("");
    ASSERT_TRUE(opened);
    EXPECT_EQ(read_all(*opened), "");
}

TEST(Descriptor, ATextCannotBeChangedByWhoReadsIt) {
    const auto opened = open_text("text");
    ASSERT_TRUE(opened);
    EXPECT_EQ(::write(opened->number(), "x", 1), -1);
    EXPECT_EQ(errno, EPERM);
}

TEST(Descriptor, NeverStandsInTheWayOfTheStandardStreams) {
    const auto check_without_streams = [] {
        ::close(0);
        ::close(1);
        ::close(2);
        auto pipe = open_pipe();
        auto channel = open_channel();
        auto text = open_text("x");
        auto empty = open_text("");
        const bool all = pipe && channel && text && empty;
        const bool above = all && pipe->read.number() > 2 && pipe->write.number() > 2 &&
                           channel->ours.number() > 2 && channel->theirs.number() > 2 &&
                           text->number() > 2 && empty->number() > 2;
        std::_Exit(above && ::fcntl(0, F_GETFD) == -1 ? 0 : 1);
    };
    EXPECT_EXIT(check_without_streams(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace jobhost::shell
