#include "core/preset.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "core/job_change.hpp"
#include "core/job_spec.hpp"

namespace jobhost::core {
namespace {

using namespace std::chrono_literals;

bool matches(std::string_view rule, std::string_view text) {
    const auto match = TextMatch::parse(rule);
    EXPECT_TRUE(match) << rule;
    return match && match->matches(text);
}

TEST(TextMatch, AWordIsThatWord) {
    EXPECT_TRUE(matches("crm.sync", "crm.sync"));
    EXPECT_FALSE(matches("crm.sync", "crm.sync2"));
    EXPECT_FALSE(matches("crm.sync", ""));
}

TEST(TextMatch, AStarStandsForWhateverIsThere) {
    EXPECT_TRUE(matches("crm.*", "crm."));
    EXPECT_TRUE(matches("crm.*", "crm.sync"));
    EXPECT_FALSE(matches("crm.*", "acrm.sync"));
    EXPECT_TRUE(matches("*.sync", "crm.sync"));
    EXPECT_FALSE(matches("*.sync", "crm.sync.all"));
    EXPECT_TRUE(matches("*sync*", "crm.sync.all"));
    EXPECT_FALSE(matches("*sync*", "crm.syn"));
    EXPECT_TRUE(matches("*", ""));
    EXPECT_TRUE(TextMatch().matches("anything"));
}

TEST(TextMatch, OtherPlacesForAStarAreRefused) {
    for (const auto* text : {"", "**", "a*b", "*a*b*"}) {
        EXPECT_FALSE(TextMatch::parse(text)) << text;
    }
}

TEST(TextMatch, APatternIsSearchedForUnlessItIsAnchored) {
    const auto match = TextMatch::by_pattern("^n[0-9]+$");
    ASSERT_TRUE(match);
    EXPECT_TRUE(match->matches("n12"));
    EXPECT_FALSE(match->matches("on12"));
    EXPECT_FALSE(TextMatch::by_pattern("("));
}

Preset about(std::string_view type) {
    Preset preset;
    preset.name = type;
    preset.type = *TextMatch::parse(type);
    return preset;
}

JobDraft draft_of(std::string type) {
    JobDraft draft;
    draft.type = std::move(type);
    return draft;
}

TEST(Presets, TheFirstThatMatchesCounts) {
    const std::vector presets{about("crm.sync"), about("crm.*"), about("*")};
    EXPECT_EQ(preset_for(draft_of("crm.sync"), presets)->name, "crm.sync");
    EXPECT_EQ(preset_for(draft_of("crm.load"), presets)->name, "crm.*");
    EXPECT_EQ(preset_for(draft_of("a"), presets)->name, "*");
    EXPECT_EQ(preset_for(draft_of("a"), std::span(presets).first(2)), nullptr);
}

TEST(Presets, TypeGroupAndNameMustAllMatch) {
    Preset preset = about("crm.*");
    preset.group = *TextMatch::parse("default");
    preset.job_name = *TextMatch::parse("n*");
    const std::vector presets{preset};
    JobDraft draft = draft_of("crm.a");
    EXPECT_EQ(preset_for(draft, presets), nullptr) << "it has no name";
    draft.name = "night";
    EXPECT_NE(preset_for(draft, presets), nullptr);
    draft.group = "other";
    EXPECT_EQ(preset_for(draft, presets), nullptr);
}

/// A preset that says all it can say.
Preset whole() {
    Preset preset = about("*");
    preset.name = "whole";
    preset.priority = "low";
    preset.node_name = "n1";
    preset.max_try_count = 5;
    preset.cron = "@daily";
    preset.interval = 10s;
    preset.max_count = 15;
    preset.lock_timeout = 60s;
    return preset;
}

base::Result<JobSpec> judged(const std::string& body, const std::vector<Preset>& presets) {
    return JobSpec::from_json(*base::parse_json(body), Source::User, {.presets = presets});
}

TEST(Presets, WhatAPresetSaysWinsOverWhatTheJobSays) {
    const auto job = judged(R"({"type":"a","name":"n","interval":5,"priority":"high",
                                "max_try_count":1,"max_count":2,"lock_timeout":1})",
                            {whole()});
    ASSERT_TRUE(job) << job.error().message;
    EXPECT_EQ(job->preset, "whole");
    EXPECT_EQ(job->priority, Priority::Low);
    EXPECT_EQ(job->labels.at(std::string(kNodeLabel)), "n1");
    EXPECT_EQ(job->max_tries, 5);
    EXPECT_EQ(job->recurrence->interval, 10s);
    EXPECT_EQ(job->recurrence->max_count, 15);
    EXPECT_EQ(job->recurrence->lock_timeout, 60s);
}

TEST(Presets, APresetNeverChangesTheKind) {
    const auto once = judged(R"({"type":"a"})", {whole()});
    ASSERT_TRUE(once) << once.error().message;
    EXPECT_EQ(once->kind, Kind::Once);
    const auto period = judged(R"({"type":"a","name":"n","cron":"@hourly"})", {whole()});
    ASSERT_TRUE(period) << period.error().message;
    EXPECT_EQ(period->recurrence->cron, "@daily");
    EXPECT_EQ(period->recurrence->interval, 0s);
    const auto persistent = judged(R"({"type":"a","name":"n","kind":"persistent"})", {whole()});
    ASSERT_TRUE(persistent) << persistent.error().message;
    EXPECT_EQ(persistent->recurrence->interval, 10s);
}

TEST(Presets, AWordThatIsNoKindIsTheOnlyMistake) {
    const auto job = judged(R"({"type":"a","name":"n","kind":"hourly"})", {whole()});
    ASSERT_FALSE(job);
    ASSERT_EQ(job.error().fields.size(), 1U);
    EXPECT_EQ(job.error().fields.front().path, "kind");
}

TEST(Presets, AJobThatItsPresetMakesImpossibleIsRefusedInItsName) {
    const std::string body = R"({"type":"a","name":"n","interval":5,"overlap":"allow"})";
    ASSERT_TRUE(judged(body, {}));
    const auto job = judged(body, {whole()});
    ASSERT_FALSE(job);
    EXPECT_EQ(job.error().fields.front().path, "lock_timeout");
    EXPECT_TRUE(job.error().message.ends_with("; the preset \"whole\" has a say in this job"))
        << job.error().message;
}

TEST(Presets, AJobThatNoneIsAboutIsLeftAlone) {
    const auto job = judged(R"({"type":"a","priority":"high"})", {about("b")});
    ASSERT_TRUE(job);
    EXPECT_EQ(job->preset, "");
    EXPECT_EQ(job->priority, Priority::High);
}

TEST(Presets, AReplacedJobAndACopyGetThemAndAChangedOneDoesNot) {
    const std::vector presets{whole()};
    const JobDefaults defaults{.presets = presets};
    const auto body = *base::parse_json(R"({"priority":"high"})");
    const JobSpec job = *judged(R"({"type":"a","name":"n"})", presets);

    const auto patched = changed(job, body, defaults);
    EXPECT_EQ(patched->priority, Priority::High);
    EXPECT_EQ(patched->preset, "whole");
    EXPECT_EQ(replaced(job, body, defaults)->priority, Priority::Low);
    EXPECT_EQ(replaced(job, body, {})->preset, "");
    EXPECT_EQ(copied(job, body, defaults)->priority, Priority::Low);
}

}  // namespace
}  // namespace jobhost::core
