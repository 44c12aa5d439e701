#include "base/log.hpp"

#include <fcntl.h>
#include <filesystem>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::base {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

/// Logs into a file of its own; the next test starts anew.
class Log : public ::testing::Test {
protected:
    void start(LogFormat format, LogLevel level = LogLevel::Info) {
        ASSERT_TRUE(start_log(
            {.level = level, .format = format, .target = "file:" + (folder_ / "log").string()}));
    }

    [[nodiscard]] std::string written() const {
        flush_log();
        return support::read_file(folder_ / "log");
    }

    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> all;
        std::istringstream stream(written());
        for (std::string line; std::getline(stream, line);) {
            all.push_back(line);
        }
        return all;
    }

    void TearDown() override {
        ASSERT_TRUE(
            start_log({.level = LogLevel::Warn, .format = LogFormat::Text, .target = "stderr"}));
    }

    support::TempDir folder_;
};

TEST_F(Log, TextIsOneLineOfKeysAndValues) {
    start(LogFormat::Text);
    log(LogLevel::Info, "run", "job done", {{"job_id", "0190-a"}, {"note", "two words"}});
    EXPECT_THAT(written(), MatchesRegex("ts=[0-9-]+T[0-9:]+\\.[0-9]{6}Z level=info part=run "
                                        "msg=\"job done\" job_id=0190-a note=\"two words\"\n"));
}

TEST_F(Log, JsonIsOneObjectPerLine) {
    start(LogFormat::Json);
    log(LogLevel::Warn, "store", "slow", {{"ms", "17"}});
    const auto document = parse_json(written());
    ASSERT_TRUE(document) << written();
    const auto& line = document->value.as_object();
    EXPECT_EQ(line.at("level"), "warn");
    EXPECT_EQ(line.at("part"), "store");
    EXPECT_EQ(line.at("msg"), "slow");
    EXPECT_EQ(line.at("ms"), "17");
    EXPECT_EQ(line.at("ts").as_string().size(), std::size("2026-03-01T12:00:00.000000Z") - 1);
    EXPECT_EQ(line.begin()->key(), "ts");
}

TEST_F(Log, ALineCannotBeForged) {
    const std::string evil = "x\nts=now level=error msg=\"owned\"\r\x1B[2J\u009B\u2028\0"s;
    start(LogFormat::Text);
    log(LogLevel::Info, evil, evil, {{evil, evil}});
    ASSERT_EQ(lines().size(), 1U);
    EXPECT_EQ(written().find_first_of("\r\x1B"), std::string::npos);
    EXPECT_EQ(written().find("\u009B"), std::string::npos);

    start(LogFormat::Json);
    log(LogLevel::Info, evil, evil, {{evil, evil}});
    ASSERT_EQ(lines().size(), 2U);
    EXPECT_TRUE(parse_json(lines().back())) << lines().back();
}

TEST_F(Log, BytesThatAreNotUtf8DoNotBreakTheLine) {
    start(LogFormat::Json);
    log(LogLevel::Info, "plugin", "bad \xFF byte", {{"k", "\xC3"}});
    const auto document = parse_json(written());
    ASSERT_TRUE(document);
    EXPECT_EQ(document->value.at("msg"), "bad \uFFFD byte");
}

TEST_F(Log, AFieldCannotTakeTheNameOfAColumn) {
    start(LogFormat::Json);
    log(LogLevel::Info, "run", "real", {{"msg", "fake"}, {"level", "fake"}, {"", "none"}});
    const auto document = parse_json(written());
    ASSERT_TRUE(document) << written();
    EXPECT_EQ(document->value.at("msg"), "real");
    EXPECT_EQ(document->value.at("msg_"), "fake");
    EXPECT_EQ(document->value.at("_"), "none");
}

TEST_F(Log, ALongValueIsCut) {
    start(LogFormat::Text);
    log(LogLevel::Info, "run", std::string(1'000'000, 'x'), {{"k", std::string(1'000'000, 'y')}});
    EXPECT_LT(written().size(), 40'000U);
    EXPECT_THAT(written(), HasSubstr("x…\" k="));
}

TEST_F(Log, AnEmptyValueIsSeen) {
    start(LogFormat::Text);
    log(LogLevel::Info, "run", "", {{"k", ""}});
    EXPECT_THAT(written(), HasSubstr("msg=\"\" k=\"\"\n"));
}

TEST_F(Log, LessThanTheLevelIsNotWritten) {
    start(LogFormat::Text, LogLevel::Warn);
    EXPECT_FALSE(log_enabled(LogLevel::Info));
    EXPECT_TRUE(log_enabled(LogLevel::Error));
    log(LogLevel::Info, "run", "quiet");
    log(LogLevel::Error, "run", "loud");
    ASSERT_EQ(lines().size(), 1U);
    EXPECT_THAT(lines()[0], HasSubstr("level=error"));
}

TEST_F(Log, EveryLevelHasItsName) {
    start(LogFormat::Text, LogLevel::Trace);
    for (const auto level : {LogLevel::Trace, LogLevel::Debug, LogLevel::Info, LogLevel::Warn}) {
        log(level, "run", "x");
    }
    ASSERT_EQ(lines().size(), 4U);
    EXPECT_THAT(lines()[0], HasSubstr("level=trace"));
    EXPECT_THAT(lines()[1], HasSubstr("level=debug"));
    EXPECT_THAT(lines()[2], HasSubstr("level=info"));
    EXPECT_THAT(lines()[3], HasSubstr("level=warn"));
}

TEST_F(Log, AFileIsAppendedTo) {
    folder_.write("log", "before\n");
    start(LogFormat::Text);
    log(LogLevel::Info, "run", "after");
    ASSERT_EQ(lines().size(), 2U);
    EXPECT_EQ(lines()[0], "before");
}

TEST_F(Log, WhatIsStartedFromHereDoesNotInheritTheFile) {
    start(LogFormat::Text);
    const auto file = std::filesystem::canonical(folder_ / "log");
    bool seen = false;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code ignored;
        if (std::filesystem::read_symlink(entry.path(), ignored) == file) {
            seen = true;
            EXPECT_EQ(::fcntl(std::stoi(entry.path().filename()), F_GETFD) & FD_CLOEXEC,
                      FD_CLOEXEC);
        }
    }
    EXPECT_TRUE(seen);
}

TEST_F(Log, AFileThatCannotBeOpenedIsAnErrorAndLoggingGoesOn) {
    start(LogFormat::Text);
    const auto blocked = folder_.write("plain", "a file, not a folder");
    const auto started = start_log({.target = "file:" + (blocked / "log").string()});
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, "log_target");
    EXPECT_THAT(started.error().message, HasSubstr((blocked / "log").string()));
    log(LogLevel::Info, "run", "still here");
    EXPECT_THAT(written(), HasSubstr("still here"));
}

TEST_F(Log, ATargetIsStderrOrAFile) {
    for (const auto* target : {"", "stdout", "file:", "/var/log/x", "file"}) {
        EXPECT_FALSE(start_log({.target = target})) << target;
    }
}

TEST_F(Log, ToStderrByTextUnlessToldOtherwise) {
    ASSERT_TRUE(start_log({}));
    ::testing::internal::CaptureStderr();
    log(LogLevel::Info, "app", "hello");
    flush_log();
    EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("part=app msg=\"hello\"\n"));
}

TEST_F(Log, ThreadsNeverMixTheirLines) {
    start(LogFormat::Json);
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([] {
                for (int i = 0; i < 250; ++i) {
                    log(LogLevel::Info, "run", std::string(300, 'x'));
                }
            });
        }
    }
    const auto all = lines();
    ASSERT_EQ(all.size(), 1000U);
    for (const auto& line : all) {
        ASSERT_TRUE(parse_json(line)) << line;
    }
}

TEST(LogDeathTest, BeforeItIsStartedOnlyWarningsAreShown) {
    // A fresh process, in which nothing has started the log.
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_EXIT(
        {
            log(LogLevel::Info, "app", "unseen");
            log(LogLevel::Warn, "app", "seen");
            std::exit(0);
        },
        ::testing::ExitedWithCode(0), "^ts=[^ ]+ level=warn part=app msg=\"seen\"\n$");
}

}  // namespace
}  // namespace jobhost::base
