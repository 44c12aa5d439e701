#include <gtest/gtest.h>

#include "config/workspace.hpp"

namespace jobhost::config::testing {
namespace {

using namespace std::chrono_literals;

/// The one mistake of the text, as people see it; empty when there is none.
std::string mistake_in(const std::string& text) {
    std::string mistakes = Workspace().mistakes(text);
    const std::string sum = "\n1 mistake in the configuration\n";
    if (mistakes.ends_with(sum)) {
        mistakes.resize(mistakes.size() - sum.size());
    }
    return mistakes;
}

TEST(JobTables, ADeclaredJobIsWhatARequestWouldBe) {
    Workspace workspace;
    const auto config = workspace.read(R"(
[host]
timezone = "Europe/Berlin"

[[job]]
name = "backup"
group = "nightly"
type = "shell.run"
cron = "0 3 * * *"
begin_time = 2026-03-01T00:00:00Z
timeout = "1h30m"
jitter = "10s"
priority = "low"
labels = { site = "fra1" }
args = { command = "make backup", env = { A = "1" } }

[[job]]
name = "poll"
type = "shell.run"
interval = "5m"
time_zone = "UTC"
args = { command = "true" }
)");
    ASSERT_TRUE(config) << config.error().message;
    ASSERT_EQ(config->jobs.size(), 2U);
    const core::JobSpec& backup = config->jobs[0].spec;
    EXPECT_EQ(config->jobs[0].line, 5);
    EXPECT_EQ(backup.name, "backup");
    EXPECT_EQ(backup.group, "nightly");
    EXPECT_EQ(backup.kind, core::Kind::Period);
    EXPECT_EQ(backup.timeout, 90min);
    EXPECT_EQ(backup.priority, core::Priority::Low);
    EXPECT_EQ(backup.begin_time, *base::parse_instant("2026-03-01T00:00:00Z"));
    EXPECT_EQ(backup.labels.at("site"), "fra1");
    EXPECT_EQ(backup.args, R"({"command":"make backup","env":{"A":"1"}})");
    EXPECT_EQ(backup.recurrence->time_zone, "Europe/Berlin");
    EXPECT_EQ(backup.recurrence->jitter, 10s);
    EXPECT_EQ(config->jobs[1].spec.recurrence->interval, 5min);
    EXPECT_EQ(config->jobs[1].spec.recurrence->time_zone, "UTC");
}

TEST(JobTables, WhatAJobLeavesOutTheHostSays) {
    const auto config = Workspace().read(R"(
[retry]
max_try_count = 7
[[job]]
name = "n"
type = "a.b"
retry = { base = "2s", cap = "1m", factor = 2 }
)");
    ASSERT_TRUE(config) << config.error().message;
    const core::JobSpec& job = config->jobs.front().spec;
    EXPECT_EQ(job.max_tries, 7);
    EXPECT_EQ(job.retry, (core::RetryWish{.base = 2s, .factor = 2, .cap = 60s}));
}

TEST(JobTables, AJobNamesOnlyCalendarsOfTheFile) {
    const std::string calendar = "[[calendar]]\nname = \"quiet\"\nweekdays = [\"SUN\"]\n";
    const std::string job =
        "[[job]]\nname = \"n\"\ntype = \"a.b\"\ninterval = \"1h\"\ncalendars = [\"quiet\"]\n";
    EXPECT_EQ(mistake_in(calendar + job), "");
    EXPECT_NE(mistake_in(job).find("job.calendars"), std::string::npos);
}

TEST(JobTables, MistakesStandAtTheirMember) {
    const std::string head = "[[job]]\nname = \"n\"\ntype = \"a.b\"\n";
    EXPECT_EQ(
        mistake_in(head + "cron = \"61 * * * *\"\n"),
        R"(error[invalid_cron]: job.cron: "61 * * * *" is not a cron expression: column 1: found "61"; expected a minute from 0 to 59
 --> jobhost.toml:4:8
  |
4 | cron = "61 * * * *"
  |        ^^^^^^^^^^^^
)");
    EXPECT_EQ(
        mistake_in(head + "intervall = \"5m\"\n"),
        R"(error[unknown]: job.intervall: a job has no member "intervall"; did you mean "interval"?
 --> jobhost.toml:4:1
  |
4 | intervall = "5m"
  | ^^^^^^^^^
)");
    EXPECT_EQ(mistake_in(head + "interval = 5\n"),
              R"(error[wrong_type]: job.interval must be a duration, and this is an integer
 --> jobhost.toml:4:12
  |
4 | interval = 5
  |            ^ write it like "30s" or "1h30m"
)");
    EXPECT_EQ(mistake_in(head + "interval = \"soon\"\n"),
              R"(error[wrong_type]: job.interval must be a duration, and this is "soon"
 --> jobhost.toml:4:12
  |
4 | interval = "soon"
  |            ^^^^^^ write it like "30s" or "1h30m"
)");
    EXPECT_EQ(mistake_in(head + "retry = { cap = 3 }\n"),
              R"(error[wrong_type]: job.retry.cap must be a duration, and this is an integer
 --> jobhost.toml:4:17
  |
4 | retry = { cap = 3 }
  |                 ^ write it like "30s" or "1h30m"
)");
    EXPECT_TRUE(mistake_in(head + "max_try_count = inf\n").starts_with("error[bad_value]"));
    EXPECT_EQ(mistake_in(head + "args = { x = inf }\n"),
              R"(error[bad_value]: job.args must not hold inf or nan
 --> jobhost.toml:4:14
  |
4 | args = { x = inf }
  |              ^^^
)");
}

TEST(JobTables, WhatIsMissingIsToldAtTheTable) {
    EXPECT_EQ(
        mistake_in("[[job]]\nname = \"n\"\n"),
        R"(error[required]: this [[job]] lacks type: say which type of job to run, for example shell.run
 --> jobhost.toml:1:1
  |
1 | [[job]]
  | ^^^^^^^
)");
    EXPECT_EQ(mistake_in("[[job]]\ntype = \"a.b\"\n"),
              R"(error[missing_key]: this [[job]] has no name
 --> jobhost.toml:1:1
  |
1 | [[job]]
  | ^^^^^^^ add name = "NAME": by it the job is known again
)");
}

TEST(JobTables, OneNameIsDeclaredOnceInItsGroup) {
    const std::string one = "[[job]]\nname = \"n\"\ntype = \"a.b\"\n";
    EXPECT_EQ(mistake_in(one + one),
              R"(error[duplicate]: the job "n" of group "default" is declared already
 --> jobhost.toml:4:1
  |
4 | [[job]]
  | ^^^^^^^ the other is in line 1
)");
    EXPECT_EQ(mistake_in(one + one + "group = \"other\"\n"), "");
}

TEST(JobTables, OnlyAListOfTablesWillDo) {
    EXPECT_EQ(mistake_in("[job]\nname = \"n\"\n"),
              R"(error[wrong_type]: job must be a list of tables, and this is a table
 --> jobhost.toml:1:2
  |
1 | [job]
  |  ^^^ write [[job]]
)");
}

TEST(JobTables, WhatIsSubstitutedIsJudgedLikeTheRest) {
    Workspace workspace;
    workspace.environment["CRON"] = "@daily";
    const auto config =
        workspace.read("[[job]]\nname = \"n\"\ntype = \"a.b\"\ncron = \"${env:CRON}\"\n");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->jobs.front().spec.recurrence->cron, "@daily");
}

}  // namespace
}  // namespace jobhost::config::testing
