#include <algorithm>
#include <array>
#include <fcntl.h>
#include <signal.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "cli/program.hpp"
#include "cli/terminal.hpp"
#include "schedule/time_zone.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::cli {
namespace {

using testing::run;
using testing::Said;

constexpr auto kNewYear = "2026-01-01T00:00:00Z";

/// `cron next` with an instant and a zone, unless other words say otherwise.
Said next(const std::string& expression, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"cron", "next", expression};
    const auto add = [&](const char* option, const char* value) {
        if (std::ranges::find(more, option) == more.end()) {
            words.insert(words.end(), {option, value});
        }
    };
    add("--from", kNewYear);
    add("--zone", "Europe/Berlin");
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
}

/// Standard input, put back at the end.
class Input {
public:
    explicit Input(int descriptor) : before_(::dup(STDIN_FILENO)) {
        ::dup2(descriptor, STDIN_FILENO);
    }
    ~Input() {
        ::dup2(before_, STDIN_FILENO);
        ::close(before_);
    }
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

private:
    int before_;
};

Said batch(const std::string& lines, std::vector<std::string> more = {}) {
    const support::TempDir folder;
    const auto file = folder.write("lines", lines);
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const Input input(descriptor);
    ::close(descriptor);
    std::vector<std::string> words{"cron", "next", "--batch"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
}

TEST(CronNext, PrintsTheInstantWithTheOffsetOfTheZone) {
    const auto said = next("0 13 1 3 *");
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.out, "2026-03-01T13:00:00+01:00\n");
    EXPECT_EQ(next("0 13 1 3 *", {"--zone", "UTC"}).out, "2026-03-01T13:00:00+00:00\n");
    EXPECT_EQ(next("0 13 1 3 *", {"--zone", "America/St_Johns"}).out,
              "2026-03-01T13:00:00-03:30\n");
}

TEST(CronNext, PrintsAsManyAsAreAskedForAndThereAre) {
    EXPECT_EQ(next("30 2 29 3 *", {"--count", "2"}).out,
              "2026-03-29T03:00:00+02:00\n2027-03-29T02:30:00+02:00\n");
    EXPECT_EQ(next("0 0 0 1 1 * 2027", {"--count", "5"}).out, "2027-01-01T00:00:00+01:00\n");
    EXPECT_EQ(next("0 0 30 2 *", {"--count", "5"}).out, "never\n");
    EXPECT_EQ(next("0 0 30 2 *").code, 0);
}

TEST(CronNext, TakesTheExpressionAsWords) {
    EXPECT_EQ(
        run({"cron", "next", "0", "9", "*", "*", "MON-FRI", "--from", kNewYear, "--zone", "UTC"})
            .out,
        "2026-01-01T09:00:00+00:00\n");
    EXPECT_EQ(run({"cron", "next", "--zone", "UTC", "@daily", "--from", kNewYear}).out,
              "2026-01-02T00:00:00+00:00\n");
}

TEST(CronNext, BothDayFieldsCanBeAskedFor) {
    EXPECT_EQ(next("0 0 13 * FRI").out, "2026-01-02T00:00:00+01:00\n");
    EXPECT_EQ(next("0 0 13 * FRI", {"--days", "both"}).out, "2026-02-13T00:00:00+01:00\n");
    EXPECT_EQ(next("0 0 13 * FRI", {"--days", "either"}).out, "2026-01-02T00:00:00+01:00\n");
    EXPECT_EQ(next("0 0 13 * FRI", {"--days", "all"}).code, 2);
}

TEST(CronNext, ReadsTheInstantInManyForms) {
    for (const auto* from :
         {"2026-03-01T12:00:00Z", "2026-03-01 12:00:00Z", "2026-03-01T12:00Z", "2026-03-01t12:00z",
          "2026-03-01T13:00:00.25+01:00", "2026-03-01 13:00+01:00", "2026-03-01T07:00-05:00",
          "2026-03-01 13:00", "2026-03-01T13:00:59.9"}) {
        EXPECT_EQ(next("* * * * *", {"--from", from}).out, "2026-03-01T13:01:00+01:00\n") << from;
    }
    for (const auto* from : {"", "now", "2026-03-01", "2026-03-01T12", "2026-02-30T12:00",
                             "2026-03-01T25:00", "2026-03-01T12:00+25:00", "2026-03-01 12:00 Z",
                             "2026-03-01T12:00:", "2026-03-01T12:00:00.", "1760000000"}) {
        const auto said = next("* * * * *", {"--from", from});
        EXPECT_EQ(said.code, 2) << from;
    }
}

TEST(CronNext, AReadingThatComesTwiceIsTheFirst) {
    EXPECT_EQ(next("*/30 * * * *", {"--from", "2026-10-25 02:10"}).out,
              "2026-10-25T02:30:00+02:00\n");
}

TEST(CronNext, BehindAReadingThatIsSkippedTheMadeUpFiringIsStillToCome) {
    EXPECT_EQ(next("30 2 * * *", {"--from", "2026-03-29 02:15"}).out,
              "2026-03-29T03:00:00+02:00\n");
    EXPECT_EQ(next("30 2 * * *", {"--from", "2026-03-29 03:00"}).out,
              "2026-03-30T02:30:00+02:00\n");
}

TEST(CronNext, WithoutAnInstantItIsNow) {
    const auto said = run({"cron", "next", "* * * * * *", "--zone", "UTC"});
    const auto now = base::SystemClock().now();
    const auto instant = base::parse_instant(said.out.substr(0, said.out.size() - 1));
    ASSERT_TRUE(instant) << said.out;
    EXPECT_GT(*instant, now - std::chrono::minutes(1));
    EXPECT_LE(*instant, now + std::chrono::seconds(1));
}

TEST(CronNext, WithoutAZoneItIsThatOfThisMachine) {
    EXPECT_EQ(
        run({"cron", "next", "@daily", "--from", kNewYear}).out,
        run({"cron", "next", "@daily", "--from", kNewYear, "--zone", schedule::TimeZone::local()})
            .out);
}

TEST(CronNext, MistakesAreOneLineAndExitCodeTwo) {
    const auto expression = next("61 * * * *");
    EXPECT_EQ(expression.code, 2);
    EXPECT_EQ(expression.out, "");
    EXPECT_EQ(expression.err,
              "jobhost: \"61 * * * *\" is not a cron expression: column 1: found \"61\"; expected "
              "a minute "
              "from 0 to 59\n");
    const auto zone = next("* * * * *", {"--zone", "Europe/Berln"});
    EXPECT_EQ(zone.code, 2);
    EXPECT_EQ(
        zone.err,
        "jobhost: \"Europe/Berln\" is not a time zone; write it like Europe/Berlin; did you mean "
        "\"Europe/Berlin\"?\n");
    const auto from = next("* * * * *", {"--from", "soon"});
    EXPECT_EQ(from.code, 2);
    EXPECT_EQ(
        from.err,
        "jobhost: \"soon\" is not a date and time; write it like 2026-03-01T12:00:00Z, or like "
        "\"2026-03-01 12:00\" by the clock of the zone\n");
    EXPECT_EQ(next("").code, 2);
    EXPECT_EQ(next("* * * * *", {"--count", "0"}).code, 2);
    EXPECT_EQ(run({"cron", "next"}).err, "jobhost: EXPR is required; see jobhost help cron next\n");
    EXPECT_EQ(run({"cron", "next", "--batch", "@daily"}).err,
              "jobhost: with --batch the expressions stand in standard input\n");
}

TEST(CronNext, ProgramsGetJson) {
    EXPECT_EQ(next("0 13 1 3 *", {"--output", "json"}).out,
              "{\"expression\":\"0 13 1 3 "
              "*\",\"zone\":\"Europe/Berlin\",\"next\":[\"2026-03-01T13:00:00+01:00\"]}\n");
    EXPECT_EQ(next("0 0 30 2 *", {"--output", "json"}).out,
              "{\"expression\":\"0 0 30 2 *\",\"zone\":\"Europe/Berlin\",\"next\":[]}\n");
    const auto mistake = base::parse_json(next("x", {"--output", "json"}).err);
    ASSERT_TRUE(mistake);
    EXPECT_EQ(mistake->value.at("exit_code").as_int64(), 2);
}

TEST(CronBatch, AnswersEachLine) {
    const auto said = batch(
        "0 13 1 3 *\tUTC\t2026-01-01T00:00:00Z\n"
        "0 13 1 3 *\tEurope/Berlin\t2026-01-01 00:00\n"
        "0 0 30 2 *\tUTC\t\n"
        "61 * * * *\tUTC\t\n"
        "@daily\tNowhere\t\n"
        "@daily\tUTC\tsoon\n"
        "\n"
        "@daily\tUTC\t2026-01-01T00:00:00Z\tmore\n"
        "@daily\tUTC\t2026-01-01T00:00:00Z");
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.err, "");
    EXPECT_EQ(
        said.out,
        "2026-03-01T13:00:00+00:00\n"
        "2026-03-01T13:00:00+01:00\n"
        "never\n"
        "error: \"61 * * * *\" is not a cron expression: column 1: found \"61\"; expected a minute "
        "from "
        "0 to 59\n"
        "error: \"Nowhere\" is not a time zone; write it like Europe/Berlin\n"
        "error: \"soon\" is not a date and time; write it like 2026-03-01T12:00:00Z, or like "
        "\"2026-03-01 12:00\" by the clock of the zone\n"
        "error: \"\" is not a cron expression: column 1: the expression ends after 0 fields; "
        "expected 5 "
        "fields (minute hour day month weekday), 6 with the second first, or 7 with the year last\n"
        "error: a line has at most EXPR, ZONE and TIME, with a tab between them\n"
        "2026-01-02T00:00:00+00:00\n");
}

TEST(CronBatch, LinesMayEndAsOnWindows) {
    EXPECT_EQ(batch("@daily\r\n@daily\tUTC\r\n@daily\tUTC\t2026-01-01T00:00:00Z\r\n@daily\tUTC\r",
                    {"--zone", "UTC", "--from", kNewYear})
                  .out,
              "2026-01-02T00:00:00+00:00\n"
              "2026-01-02T00:00:00+00:00\n"
              "2026-01-02T00:00:00+00:00\n"
              "2026-01-02T00:00:00+00:00\n");
}

TEST(CronBatch, OptionsStandForWhatALineLeavesOut) {
    EXPECT_EQ(batch("0 12 * * *\n0 12 * * *\tUTC\n0 12 * * *\t\t2027-01-01T00:00Z\n",
                    {"--zone", "Asia/Tokyo", "--from", kNewYear, "--count", "2"})
                  .out,
              "2026-01-01T12:00:00+09:00 2026-01-02T12:00:00+09:00\n"
              "2026-01-01T12:00:00+00:00 2026-01-02T12:00:00+00:00\n"
              "2027-01-01T12:00:00+09:00 2027-01-02T12:00:00+09:00\n");
    EXPECT_EQ(batch("0 0 13 * FRI\tUTC\t2026-01-01T00:00Z\n", {"--days", "both"}).out,
              "2026-02-13T00:00:00+00:00\n");
}

TEST(CronBatch, ProgramsGetALineOfJsonForEach) {
    EXPECT_EQ(
        batch("@daily\tUTC\t2026-01-01T00:00Z\n@often\tUTC\t\n", {"--output", "json"}).out,
        "{\"expression\":\"@daily\",\"zone\":\"UTC\",\"next\":[\"2026-01-02T00:00:00+00:00\"]}\n"
        "{\"error\":\"\\\"@often\\\" is not a cron expression: column 1: found \\\"@often\\\"; "
        "expected "
        "one of @yearly @annually @monthly @weekly @daily @midnight @hourly @every_minute "
        "@every_second\"}\n");
}

TEST(CronBatch, NothingIsAnsweredWithNothing) {
    EXPECT_EQ(batch("").out, "");
    EXPECT_EQ(batch("").code, 0);
}

TEST(CronBatch, InputThatCannotBeReadIsAMistake) {
    const support::TempDir folder;
    const int descriptor = ::open(folder.path().c_str(), O_RDONLY | O_CLOEXEC);
    const Input input(descriptor);
    ::close(descriptor);
    const auto said = run({"cron", "next", "--batch"});
    EXPECT_EQ(said.code, 2);
    EXPECT_EQ(said.err, "jobhost: standard input cannot be read: Is a directory\n");
}

/// Reads up to the end of a line.
std::string line_from(int descriptor) {
    std::string line;
    for (char letter = 0; letter != '\n' && ::read(descriptor, &letter, 1) == 1;) {
        line += letter;
    }
    return line;
}

TEST(CronBatch, EachLineIsAnsweredBeforeTheNextIsAsked) {
    std::array<int, 2> questions{};
    std::array<int, 2> answers{};
    ASSERT_EQ(::pipe2(questions.data(), O_CLOEXEC), 0);
    ASSERT_EQ(::pipe2(answers.data(), O_CLOEXEC), 0);
    const Input input(questions[0]);
    ::close(questions[0]);
    std::thread program([&] {
        Console console(answers[1], STDERR_FILENO);
        const std::vector<std::string> words{"cron", "next",   "--batch", "--zone",
                                             "UTC",  "--from", kNewYear};
        EXPECT_EQ(run_program(words, {}, console), 0);
    });
    for (const auto* part : {"@dai", "ly\n@"}) {
        ASSERT_GT(::write(questions[1], part, std::string_view(part).size()), 0);
    }
    EXPECT_EQ(line_from(answers[0]), "2026-01-02T00:00:00+00:00\n");
    ASSERT_EQ(::write(questions[1], "hourly\n", 7), 7);
    EXPECT_EQ(line_from(answers[0]), "2026-01-01T01:00:00+00:00\n");
    ::close(questions[1]);
    program.join();
    ::close(answers[0]);
    ::close(answers[1]);
}

TEST(CronBatch, ItEndsWhenNobodyReadsTheAnswers) {
    std::array<int, 2> answers{};
    ASSERT_EQ(::pipe2(answers.data(), O_CLOEXEC), 0);
    ::close(answers[0]);
    std::array<int, 2> questions{};
    ASSERT_EQ(::pipe2(questions.data(), O_CLOEXEC), 0);
    ASSERT_EQ(::write(questions[1], "@daily\n", 7), 7);
    const Input input(questions[0]);
    ::close(questions[0]);
    const auto before = ::signal(SIGPIPE, SIG_IGN);
    Console console(answers[1], STDERR_FILENO);
    const std::vector<std::string> words{"cron", "next", "--batch"};
    EXPECT_EQ(run_program(words, {}, console), 0) << "though more could be asked";
    ::signal(SIGPIPE, before);
    ::close(questions[1]);
    ::close(answers[1]);
}

}  // namespace
}  // namespace jobhost::cli
