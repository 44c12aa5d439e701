#include "cli/console.hpp"

#include <array>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace jobhost::cli {
namespace {

class ConsoleTest : public ::testing::Test {
protected:
    ConsoleTest() : err_(::open((folder_ / "err").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {}
    ~ConsoleTest() override { ::close(err_); }
    ConsoleTest(const ConsoleTest&) = delete;
    ConsoleTest& operator=(const ConsoleTest&) = delete;

    std::string said() const { return support::read_file(folder_ / "err"); }

    support::TempDir folder_;
    int err_;
};

TEST_F(ConsoleTest, AReaderThatWentAwayIsNoMistake) {
    ::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    ::close(ends[0]);
    Console console(ends[1], err_);
    EXPECT_FALSE(console.reader_gone());
    console.print_line("x");
    EXPECT_TRUE(console.reader_gone());
    console.print_line("y");
    EXPECT_EQ(console.finish(ExitCode::Done), ExitCode::Done);
    EXPECT_EQ(said(), "");
    ::close(ends[1]);
}

TEST_F(ConsoleTest, AFullDiskIsAMistake) {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    Console console(full, err_);
    console.print_line("x");
    EXPECT_EQ(console.finish(ExitCode::Done), ExitCode::Failed);
    EXPECT_EQ(said(), "jobhost: stdout cannot be written: No space left on device\n");
    ::close(full);
}

TEST_F(ConsoleTest, AnErrorIsALineAndItsFieldsAreLinesBelowIt) {
    Console console(err_, err_);
    EXPECT_EQ(console.fail({base::ErrorKind::Invalid, "c", "It is wrong.", {{"/a", "d", "why"}}}),
              ExitCode::Failed);
    EXPECT_EQ(said(), "jobhost: It is wrong.\n  /a: why\n");
}

TEST_F(ConsoleTest, AFieldThatTheSentenceNamesIsNotRepeated) {
    Console console(err_, err_);
    EXPECT_EQ(
        console.fail({base::ErrorKind::Invalid, "c", "It is wrong: why", {{"/a", "d", "why"}}}),
        ExitCode::Failed);
    EXPECT_EQ(said(), "jobhost: It is wrong: why\n");
}

TEST_F(ConsoleTest, AnErrorIsOneJsonObjectForPrograms) {
    Console console(err_, err_);
    console.use(Format::Json);
    console.note("not for programs");
    EXPECT_EQ(console.fail({base::ErrorKind::NotFound, "c", "Gone.", {{"/a", "d", "why"}}}),
              ExitCode::NotFound);
    EXPECT_EQ(said(), R"({"code":"c","detail":"Gone.","exit_code":3,)"
                      R"("errors":[{"pointer":"/a","code":"d","message":"why"}]})"
                      "\n");
}

TEST_F(ConsoleTest, FinishedLinesArePrintedAsTheyAre) {
    Console console(err_, err_);
    EXPECT_EQ(
        console.fail({base::ErrorKind::Invalid, "config_invalid", "a\nb\n", {{"x", "y", "z"}}}),
        ExitCode::WrongConfiguration);
    EXPECT_EQ(said(), "a\nb\n");
}

}  // namespace
}  // namespace jobhost::cli
