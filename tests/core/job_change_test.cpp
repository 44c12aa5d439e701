#include "core/job_change.hpp"

#include <gtest/gtest.h>

#include "support/job_builder.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::core {
namespace {

using namespace std::chrono_literals;

base::JsonText body(const std::string& text) { return *base::parse_json(text); }

JobSpec stored() {
    JobSpec spec = support::JobBuilder()
                       .args(R"({ "a" : 1 })")
                       .name("n")
                       .group("g")
                       .priority(Priority::High)
                       .timeout(5s)
                       .max_tries(3)
                       .begin_time(support::ManualClock::kStart)
                       .label("site", "fra1")
                       .label(std::string(kNodeLabel), "n1")
                       .spec();
    spec.description = "d";
    spec.creator = "ann";
    spec.unique_key = "k";
    spec.end_time = support::ManualClock::kStart + 1h;
    spec.enabled = false;
    return spec;
}

void expect_same(const JobSpec& one, const JobSpec& other) {
    EXPECT_EQ(one.type, other.type);
    EXPECT_EQ(one.args, other.args);
    EXPECT_EQ(one.kind, other.kind);
    EXPECT_EQ(one.source, other.source);
    EXPECT_EQ(one.name, other.name);
    EXPECT_EQ(one.group, other.group);
    EXPECT_EQ(one.priority, other.priority);
    EXPECT_EQ(one.description, other.description);
    EXPECT_EQ(one.creator, other.creator);
    EXPECT_EQ(one.unique_key, other.unique_key);
    EXPECT_EQ(one.end_time, other.end_time);
    EXPECT_EQ(one.begin_time, other.begin_time);
    EXPECT_EQ(one.timeout, other.timeout);
    EXPECT_EQ(one.max_tries, other.max_tries);
    EXPECT_EQ(one.labels, other.labels);
    EXPECT_EQ(one.enabled, other.enabled);
    EXPECT_EQ(one.recurrence, other.recurrence);
}

TEST(JobChange, NothingNamedIsNothingChanged) {
    JobSpec job = stored();
    job.source = Source::System;
    expect_same(*changed(job, body("{}"), {}), job);
}

TEST(JobChange, EachMemberThatMayChangeDoes) {
    const auto job = *changed(stored(), body(R"({"enabled":true,"description":"e","args":{"b" :2},
        "priority":"low","max_try_count":0,"timeout":1,"labels":{"x":"y"},
        "begin_time":"2030-01-01T00:00:00Z","end_time":"2031-01-01T00:00:00Z"})"),
                              {});
    EXPECT_EQ(job.end_time, *base::parse_instant("2031-01-01T00:00:00Z"));
    EXPECT_TRUE(job.enabled);
    EXPECT_EQ(job.description, "e");
    EXPECT_EQ(job.args, R"({"b" :2})");
    EXPECT_EQ(job.priority, Priority::Low);
    EXPECT_EQ(job.max_tries, 0);
    EXPECT_EQ(job.timeout, 1s);
    EXPECT_EQ(job.labels, (LabelMap{{std::string(kNodeLabel), "n1"}, {"x", "y"}}));
    EXPECT_EQ(changed(stored(), body(R"({"node_name":"n2"})"), {})->labels,
              (LabelMap{{std::string(kNodeLabel), "n2"}, {"site", "fra1"}}));
    EXPECT_EQ(job.begin_time, *base::parse_instant("2030-01-01T00:00:00Z"));
}

TEST(JobChange, NullIsTheDefaultOfANewJob) {
    JobSpec expected = support::JobBuilder().name("n").group("g").spec();
    expected.creator = "ann";
    expected.unique_key = "k";
    expect_same(*changed(stored(), body(R"({"enabled":null,"description":null,"args":null,
        "priority":null,"max_try_count":null,"timeout":null,"labels":null,"node_name":null,"begin_time":null,
        "end_time":null})"),
                         {}),
                expected);
    expect_same(*replaced(stored(), body("{}"), {}), expected);
}

TEST(JobChange, WhatNeverChangesMayBeNamedAsItIs) {
    const std::string same =
        R"({"type":"test.job","kind":"once","source":"user","group":"g","name":"n","creator":"ann",
            "unique_key":"k"})";
    expect_same(*changed(stored(), body(same), {}), stored());
    EXPECT_TRUE(replaced(stored(), body(same), {}));
    for (const auto change : {changed, replaced}) {
        const auto refused = change(
            stored(), body(R"({"type":"x","kind":"period","source":"system","group":"x","name":"x",
                     "creator":"x","unique_key":"x"})"),
            {});
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, "immutable");
        ASSERT_EQ(refused.error().fields.size(), 7U);
        EXPECT_EQ(refused.error().fields[0].path, "type");
        EXPECT_EQ(refused.error().fields[0].code, "immutable");
    }
}

TEST(JobChange, MistakesAreThoseOfANewJob) {
    for (const auto change : {changed, replaced, copied}) {
        EXPECT_EQ(change(stored(), body("[]"), {}).error().code, "invalid_job");
        EXPECT_EQ(change(stored(), body(R"({"priority":"top"})"), {}).error().fields[0].path,
                  "priority");
        EXPECT_EQ(change(stored(), body(R"({"enabled":1})"), {}).error().fields[0].code,
                  "wrong_type");
        EXPECT_EQ(change(stored(), body(R"({"colour":1})"), {}).error().fields[0].code, "unknown");
    }
}

TEST(JobChange, ACopyIsOfAUserAndHasNoName) {
    JobSpec job = stored();
    job.source = Source::System;
    JobSpec expected = stored();
    expected.name.reset();
    expected.creator.clear();
    expected.unique_key.reset();
    expect_same(*copied(job, body("{}"), {}), expected);
    const auto other =
        *copied(job, body(R"({"name":"m","group":"h","type":"a.b","labels":{}})"), {});
    EXPECT_EQ(other.name, "m");
    EXPECT_EQ(other.group, "h");
    EXPECT_EQ(other.type, "a.b");
    EXPECT_EQ(other.labels, (LabelMap{{std::string(kNodeLabel), "n1"}}));
    EXPECT_FALSE(copied(job, body(R"({"source":"system"})"), {}));
}

TEST(JobChange, TheHostsDefaultsAreThoseOfANewJob) {
    const JobDefaults defaults{.time_zone = "Europe/Paris", .max_tries = 7};
    EXPECT_EQ(replaced(stored(), body("{}"), defaults)->max_tries, 7);
    EXPECT_EQ(changed(stored(), body(R"({"max_try_count":null})"), defaults)->max_tries, 7);
    EXPECT_EQ(changed(stored(), body("{}"), defaults)->max_tries, 3);
    const JobSpec tokyo = support::JobBuilder()
                              .name("n")
                              .recurring({.time_zone = "Asia/Tokyo", .interval = 5s})
                              .spec();
    EXPECT_EQ(changed(tokyo, body("{}"), defaults)->recurrence->time_zone, "Asia/Tokyo");
    EXPECT_EQ(replaced(tokyo, body("{}"), defaults)->recurrence->time_zone, "Europe/Paris");
}

TEST(JobChange, WhatFollowedFromAnotherMemberFollowsIt) {
    const JobSpec job = support::JobBuilder()
                            .name("n")
                            .max_tries(7)
                            .recurring({.interval = 5s,
                                        .misfire = Misfire::RunAll,
                                        .misfire_limit = 5,
                                        .occurrence_tries = 7})
                            .spec();
    const auto with = [&](const std::string& text) {
        return *changed(job, body(text), {})->recurrence;
    };
    EXPECT_EQ(with(R"({"max_try_count":2})").occurrence_tries, 2);
    EXPECT_EQ(with(R"({"max_try_count":2,"occurrence_tries":4})").occurrence_tries, 4);
    EXPECT_EQ(with(R"({"misfire":"run_all"})").misfire_limit, 5);
    EXPECT_EQ(with(R"({"misfire":"skip"})").misfire_limit, kDefaultMisfireLimit);
}

TEST(JobChange, CalendarsAreReplacedAsAWhole) {
    const JobSpec job =
        support::JobBuilder().name("n").recurring({.interval = 5s, .calendars = {"a", "b"}}).spec();
    const auto with = [&](const std::string& text) {
        return changed(job, body(text), {})->recurrence->calendars;
    };
    EXPECT_EQ(with("{}"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(with(R"({"calendars":["c"]})"), (std::vector<std::string>{"c"}));
    EXPECT_TRUE(with(R"({"calendars":[]})").empty());
    EXPECT_TRUE(with(R"({"calendars":null})").empty());
}

TEST(JobChange, NullSaysNothingOfWhatNeverChanges) {
    EXPECT_TRUE(replaced(stored(), body(R"({"kind":null,"name":null,"type":null})"), {}));
}

}  // namespace
}  // namespace jobhost::core
