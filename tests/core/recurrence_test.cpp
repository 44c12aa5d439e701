#include "core/recurrence.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/job_spec.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::core {
namespace {

using namespace std::chrono_literals;

base::Result<JobSpec> judged(const std::string& members, const std::string& host_zone = "UTC") {
    const std::string body = R"({"type":"test.job","name":"n")" + members + "}";
    return JobSpec::from_json(*base::parse_json(body), Source::User, {.time_zone = host_zone});
}

/// The code of the mistake at `path`, or what was wrong with the expectation.
std::string mistake(const std::string& members, const std::string& path) {
    const auto spec = judged(members);
    if (spec) {
        return "accepted";
    }
    const auto& fields = spec.error().fields;
    const auto found = std::ranges::find(fields, path, &base::FieldError::path);
    return found == fields.end() ? "no mistake there: " + spec.error().message : found->code;
}

TEST(Recurrence, AOnceJobHasNone) { EXPECT_FALSE(judged("")->recurrence); }

TEST(Recurrence, CronAndIntervalSayWhichKindItIs) {
    EXPECT_EQ(judged(R"(,"cron":"0 3 * * *")")->kind, Kind::Period);
    EXPECT_EQ(judged(R"(,"interval":60)")->kind, Kind::Persistent);
    EXPECT_EQ(mistake(R"(,"cron":"0 3 * * *","interval":60)", "interval"), "not_allowed");
}

TEST(Recurrence, EverySettingIsTaken) {
    const auto spec = judged(
        R"(,"kind":"period","cron":"0 3 * * MON","cron_days":"both","time_zone":"Europe/Berlin",
            "begin_time":"2026-03-01T00:00:00Z","end_time":"2027-03-01T00:00:00Z","max_count":9,
            "misfire":"run_all","misfire_limit":7,"catch_up":3600,"overlap":"buffer_one",
            "lock_timeout":60,"jitter":1.5,"occurrence_tries":4,"calendars":["b","a"])");
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->recurrence,
              (Recurrence{.cron = "0 3 * * MON",
                          .days = CronDays::Both,
                          .time_zone = "Europe/Berlin",
                          .interval = 0s,
                          .end_time = *base::parse_instant("2027-03-01T00:00:00Z"),
                          .max_count = 9,
                          .misfire = Misfire::RunAll,
                          .misfire_limit = 7,
                          .catch_up = 1h,
                          .overlap = Overlap::BufferOne,
                          .lock_timeout = 60s,
                          .jitter = 1500ms,
                          .occurrence_tries = 4,
                          .calendars = {"b", "a"}}));
}

TEST(Recurrence, CalendarsAreNamesInAList) {
    const auto calendars = [](const std::string& value, const std::string& path) {
        return mistake(R"(,"interval":60,"calendars":)" + value, path);
    };
    EXPECT_EQ(calendars(R"([])", "calendars"), "accepted");
    EXPECT_EQ(calendars(R"("a")", "calendars"), "wrong_type");
    EXPECT_EQ(calendars(R"(["a",1])", "calendars[1]"), "wrong_type");
    EXPECT_EQ(calendars(R"([""])", "calendars[0]"), "not_allowed");
    EXPECT_EQ(calendars(R"(["a\nb"])", "calendars[0]"), "not_allowed");
    EXPECT_EQ(calendars("[\"" + std::string(65, 'a') + "\"]", "calendars[0]"), "not_allowed");
    EXPECT_EQ(calendars("[\"" + std::string(64, 'a') + "\"]", "calendars[0]"), "accepted");
    EXPECT_EQ(calendars(R"(["a","b","a"])", "calendars[2]"), "duplicate");
    EXPECT_EQ(calendars(R"(["1","2","3","4","5","6","7","8","9"])", "calendars"), "too_long");
    EXPECT_EQ(mistake(R"(,"calendars":["a"])", "calendars"), "not_allowed") << "a once-job";
    EXPECT_EQ(judged(R"(,"interval":60,"calendars":["a",1,true])").error().fields.size(), 2U)
        << "one mistake for each that is no text";
}

TEST(Recurrence, ACalendarThatTheHostDoesNotHaveIsRefused) {
    const Calendars known(
        {*schedule::Calendar::from({.name = "holidays"}, *schedule::TimeZone::load("UTC"))});
    const auto judge = [&](const std::string& name) {
        const std::string body = R"({"type":"a","name":"n","interval":60,"calendars":[")" + name;
        return JobSpec::from_json(*base::parse_json(body + "\"]}"), Source::User,
                                  {.calendars = &known});
    };
    EXPECT_TRUE(judge("holidays"));
    const auto refused = judge("holiday");
    ASSERT_FALSE(refused);
    ASSERT_EQ(refused.error().fields.size(), 1U);
    EXPECT_EQ(refused.error().fields[0].path, "calendars[0]");
    EXPECT_EQ(refused.error().fields[0].code, "unknown");
    EXPECT_EQ(refused.error().fields[0].message,
              "the host's config has no calendar \"holiday\"; did you mean \"holidays\"?");
}

TEST(Recurrence, WhatIsNotSaidHasItsUsualValue) {
    const auto spec = judged(R"(,"kind":"persistent")", "Europe/Berlin");
    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->recurrence, (Recurrence{.time_zone = "Europe/Berlin",
                                            .interval = 300s,
                                            .occurrence_tries = kDefaultMaxTries}));
    EXPECT_EQ(judged(R"(,"cron":"@daily")")->recurrence->occurrence_tries, 1);
}

TEST(Recurrence, MistakesAreToldWithTheirField) {
    EXPECT_EQ(mistake(R"(,"kind":"period")", "cron"), "required");
    EXPECT_EQ(mistake(R"(,"cron":"61 * * * *")", "cron"), "invalid_cron");
    EXPECT_EQ(mistake(R"(,"cron":"0 0 30 2 *")", "cron"), "never");
    EXPECT_EQ(mistake(R"(,"cron":")" + std::string(101, '*') + "\"", "cron"), "too_long");
    EXPECT_EQ(mistake(R"(,"cron":"@daily","cron_days":"all")", "cron_days"), "not_allowed");
    EXPECT_EQ(mistake(R"(,"cron":"@daily","time_zone":"Mars/Base")", "time_zone"),
              "unknown_time_zone");
    EXPECT_EQ(mistake(R"(,"interval":0)", "interval"), "out_of_range");
    EXPECT_EQ(mistake(R"(,"interval":-5)", "interval"), "out_of_range");
    EXPECT_EQ(mistake(R"(,"interval":1e300)", "interval"), "out_of_range");
    EXPECT_EQ(mistake(R"(,"interval":9,"max_count":-1)", "max_count"), "out_of_range");
    EXPECT_EQ(mistake(R"(,"interval":9,"misfire":"run")", "misfire"), "not_allowed");
    EXPECT_EQ(mistake(R"(,"interval":9,"misfire_limit":5)", "misfire_limit"), "not_allowed");
    EXPECT_EQ(mistake(R"(,"interval":9,"misfire":"run_all","misfire_limit":0)", "misfire_limit"),
              "out_of_range");
    EXPECT_EQ(mistake(R"(,"interval":9,"catch_up":-1)", "catch_up"), "out_of_range");
    EXPECT_EQ(mistake(R"(,"interval":9,"overlap":"maybe")", "overlap"), "not_allowed");
    EXPECT_EQ(mistake(R"(,"interval":9,"overlap":"allow","lock_timeout":5)", "lock_timeout"),
              "not_allowed");
    EXPECT_EQ(mistake(R"(,"interval":9,"jitter":100000)", "jitter"), "out_of_range");
    EXPECT_EQ(mistake(R"(,"interval":9,"occurrence_tries":-1)", "occurrence_tries"),
              "out_of_range");
    EXPECT_EQ(mistake(R"(,"interval":9,"begin_time":"2026-03-02T00:00:00Z",
                        "end_time":"2026-03-01T00:00:00Z")",
                      "end_time"),
              "out_of_range");
    EXPECT_EQ(mistake(R"(,"interval":9,"end_time":"2300-01-01T00:00:00Z")", "end_time"),
              "out_of_range");
}

TEST(Recurrence, AOnceJobMaySayNothingOfTheKind) {
    for (const char* member : {R"("time_zone":"UTC")", R"("max_count":1)", R"("misfire":"skip")",
                               R"("misfire_limit":1)", R"("catch_up":1)", R"("overlap":"skip")",
                               R"("lock_timeout":1)", R"("jitter":1)", R"("occurrence_tries":1)"}) {
        const std::string text(member);
        const std::string path = text.substr(1, text.find('"', 1) - 1);
        EXPECT_EQ(mistake(R"(,"kind":"once",)" + text, path), "not_allowed");
    }
    EXPECT_EQ(mistake(R"(,"kind":"once","cron":"@daily")", "cron"), "not_allowed");
}

TEST(Recurrence, CronAndIntervalExcludeEachOther) {
    const auto spec = JobSpec::from_json(
        *base::parse_json(R"({"type":"a.b","name":"n","cron":"@daily","interval":5})"),
        Source::User);
    ASSERT_FALSE(spec);
    ASSERT_EQ(spec.error().fields.size(), 1U);
    EXPECT_EQ(spec.error().fields.front().message,
              "says another thing than cron; give one of them");
}

TEST(Recurrence, ARecurringJobNeedsAName) {
    const auto spec =
        JobSpec::from_json(*base::parse_json(R"({"type":"a.b","interval":5})"), Source::User);
    ASSERT_FALSE(spec);
    EXPECT_EQ(spec.error().fields.front().path, "name");
}

TEST(Recurrence, IntervalsAreCountedFromTheBeginning) {
    const Instant begin = support::ManualClock::kStart + 500ms;
    const auto timetable = timetable_of({.interval = 90s}, begin);
    ASSERT_TRUE(timetable);
    EXPECT_EQ(timetable->next(begin - 1h), begin);
    EXPECT_EQ(timetable->next(begin), begin + 90s);
    EXPECT_EQ(timetable->next(begin + 100s), begin + 180s);
}

TEST(Recurrence, AZoneThatIsGoneIsAnError) {
    EXPECT_FALSE(timetable_of({.cron = "@daily", .time_zone = "Mars/Base"}, {}));
}

}  // namespace
}  // namespace jobhost::core
