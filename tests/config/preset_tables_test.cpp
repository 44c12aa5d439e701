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

const std::string kHead = "[[preset]]\nname = \"p\"\n";

TEST(PresetTables, TheyAreReadInTheirOrder) {
    const auto config = Workspace().read(R"(
[[preset]]
name = "webhooks"
match = { type = "http.*", group = "default", name = { pattern = "^w[0-9]+$" } }
set = { interval = "10s", max_try_count = 5, max_count = 15, lock_timeout = "60s" }

[[preset]]
name = "all"
[preset.set]
priority = "low"
cron = "@hourly"
node_name = "n1"
)");
    ASSERT_TRUE(config) << config.error().message;
    ASSERT_EQ(config->presets.size(), 2U);
    const core::Preset& webhooks = config->presets[0];
    EXPECT_EQ(webhooks.name, "webhooks");
    EXPECT_TRUE(webhooks.type.matches("http.call"));
    EXPECT_FALSE(webhooks.group.matches("other"));
    EXPECT_TRUE(webhooks.job_name.matches("w12"));
    EXPECT_EQ(webhooks.interval, 10s);
    EXPECT_EQ(webhooks.max_try_count, 5);
    EXPECT_EQ(webhooks.max_count, 15);
    EXPECT_EQ(webhooks.lock_timeout, 60s);
    EXPECT_TRUE(config->presets[1].type.matches("anything"));
    EXPECT_EQ(config->presets[1].priority, "low");
    EXPECT_EQ(config->presets[1].cron, "@hourly");
    EXPECT_EQ(config->presets[1].node_name, "n1");
}

TEST(PresetTables, JobsOfTheFileGetThem) {
    const auto config = Workspace().read(R"(
[[job]]
name = "n"
type = "a.b"
priority = "high"
[[preset]]
name = "p"
set = { priority = "low" }
)");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->jobs.front().spec.priority, core::Priority::Low);
    EXPECT_EQ(config->jobs.front().spec.preset, "p");
}

TEST(PresetTables, WhatOnlyAPresetSaysOfAJobIsNotCalledMissing) {
    const std::string preset = kHead + "set = { lock_timeout = \"60s\" }\n";
    const std::string job =
        "[[job]]\nname = \"n\"\ntype = \"a.b\"\ninterval = \"1h\"\noverlap = \"allow\"\n";
    EXPECT_EQ(
        mistake_in(preset + job),
        R"(error[not_allowed]: this [[job]] with its presets: lock_timeout: forbids what overlap "allow" allows; leave one of them out
 --> jobhost.toml:4:1
  |
4 | [[job]]
  | ^^^^^^^
)");
}

TEST(PresetTables, WhatItSetsIsJudgedAtItsPlace) {
    EXPECT_EQ(
        mistake_in(kHead + "set = { priority = \"lwo\" }\n"),
        R"(error[not_allowed]: preset.set.priority: must be low, below_normal, normal, above_normal or high; did you mean "low"?
 --> jobhost.toml:3:20
  |
3 | set = { priority = "lwo" }
  |                    ^^^^^
)");
    for (const auto& [set, code] : {std::pair("cron = \"61 * * * *\"", "invalid_cron"),
                                    {"cron = 5", "wrong_type"},
                                    {"max_try_count = -1", "out_of_range"},
                                    {"max_count = \"x\"", "wrong_type"},
                                    {"max_try_count = inf", "bad_value"},
                                    {"interval = 5", "wrong_type"},
                                    {"lock_timeout = \"soon\"", "wrong_type"},
                                    {"node_name = \"\"", "too_short"},
                                    {"timeout = \"5s\"", "unknown_key"}}) {
        const auto found = mistake_in(kHead + "set = { " + set + " }\n");
        EXPECT_TRUE(found.starts_with("error[" + std::string(code) + "]")) << found;
        EXPECT_NE(found.find("jobhost.toml:3:"), std::string::npos) << found;
    }
}

TEST(PresetTables, AMistakeIsNotToldAgainForAJobThatMatches) {
    const std::string job = "[[job]]\nname = \"n\"\ntype = \"a.b\"\ninterval = \"1h\"\n";
    const auto found = mistake_in(kHead + "set = { max_count = -1 }\n" + job);
    EXPECT_TRUE(found.starts_with("error[out_of_range]: preset.set.max_count")) << found;
    EXPECT_EQ(found.find("[[job]]"), std::string::npos) << found;
}

TEST(PresetTables, WhatItMatchesIsJudgedAtItsPlace) {
    const std::string set = "set = { priority = \"low\" }\n";
    for (const auto& [match, code] : {std::pair("type = \"a*b\"", "bad_value"),
                                      {"type = 5", "wrong_type"},
                                      {"name = { pattern = \"(\" }", "bad_value"},
                                      {"name = { glob = \"x\" }", "wrong_type"},
                                      {"name = { pattern = 5 }", "wrong_type"},
                                      {"kind = \"once\"", "unknown_key"}}) {
        const auto found = mistake_in(kHead + set + "match = { " + match + " }\n");
        EXPECT_TRUE(found.starts_with("error[" + std::string(code) + "]")) << found;
        EXPECT_NE(found.find("jobhost.toml:4:"), std::string::npos) << found;
    }
    EXPECT_TRUE(mistake_in(kHead + set + "match = \"a\"\n").starts_with("error[wrong_type]"));
}

TEST(PresetTables, WhatIsMissingOrDoubleIsTold) {
    EXPECT_EQ(mistake_in("[[preset]]\nset = { priority = \"low\" }\n"),
              R"(error[missing_key]: this [[preset]] has no name
 --> jobhost.toml:1:1
  |
1 | [[preset]]
  | ^^^^^^^^^^ add name = "NAME": jobs tell by it what had a say about them
)");
    EXPECT_TRUE(mistake_in(kHead).starts_with("error[missing_key]: this [[preset]] sets nothing"));
    EXPECT_TRUE(mistake_in(kHead + "set = {}\n")
                    .starts_with("error[missing_key]: this [[preset]] sets nothing"));
    const std::string whole = kHead + "set = { priority = \"low\" }\n";
    EXPECT_TRUE(mistake_in(whole + whole).starts_with("error[duplicate]"));
    EXPECT_TRUE(mistake_in("[[preset]]\nname = 5\nset = { priority = \"low\" }\n")
                    .starts_with("error[wrong_type]"));
    EXPECT_TRUE(mistake_in("[preset]\nname = \"p\"\n").starts_with("error[wrong_type]"));
    EXPECT_TRUE(mistake_in(whole + "sets = 5\n").starts_with("error[unknown_key]"));
}

}  // namespace
}  // namespace jobhost::config::testing
