#include "core/job_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jobhost::core {
namespace {

using ::testing::HasSubstr;

JobDraft draft() {
    JobDraft draft;
    draft.type = "shell.run";
    return draft;
}

/// Path and code of every mistake, one line each.
std::string mistakes(const base::Error& error) {
    std::string text;
    for (const auto& field : error.fields) {
        text += (text.empty() ? "" : "\n") + field.path + " " + field.code;
    }
    return text;
}

std::string mistakes_in(const JobDraft& draft) {
    const auto spec = JobSpec::from(draft, Source::User);
    return spec ? "" : mistakes(spec.error());
}

base::Result<JobSpec> read(const std::string& body) {
    return JobSpec::from_json(*base::parse_json(body), Source::User);
}

std::string mistakes_in_body(const std::string& body) {
    const auto spec = read(body);
    return spec ? "" : mistakes(spec.error());
}

std::string message_in_body(const std::string& body) {
    const auto spec = read(body);
    return spec ? "" : spec.error().fields.at(0).message;
}

TEST(JobSpec, OnlyTheTypeIsNeeded) {
    const auto spec = JobSpec::from(draft(), Source::User);
    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->type, "shell.run");
    EXPECT_EQ(spec->args, "{}");
    EXPECT_EQ(spec->kind, Kind::Once);
    EXPECT_EQ(spec->source, Source::User);
    EXPECT_EQ(spec->group, "default");
    EXPECT_EQ(spec->priority, Priority::Normal);
    EXPECT_EQ(spec->max_tries, 50);
    EXPECT_FALSE(spec->name || spec->begin_time || spec->timeout);
}

TEST(JobSpec, IsPinnedToANodeByALabelThatNobodyElseMaySay) {
    const auto spec = *read(R"({"type":"a.b","node_name":"n1","labels":{"site":"x"}})");
    EXPECT_EQ(spec.labels, (LabelMap{{std::string(kNodeLabel), "n1"}, {"site", "x"}}));
    EXPECT_EQ(mistakes_in_body(R"({"type":"a.b","labels":{"jobhost.node":"n1"}})"),
              "labels.jobhost.node not_allowed");
    EXPECT_EQ(mistakes_in_body(R"({"type":"a.b","node_name":""})"), "node_name too_short");
    EXPECT_EQ(mistakes_in_body(R"({"type":"a.b","node_name":")" + std::string(129, 'n') + "\"}"),
              "node_name too_long");
}

TEST(JobSpec, TheOutsideWorldMayNameItAndWhoAsked) {
    const auto spec = *read(R"({"type":"a.b","unique_key":"order-7","creator":"ann"})");
    EXPECT_EQ(spec.unique_key, "order-7");
    EXPECT_EQ(spec.creator, "ann");
    EXPECT_EQ(mistakes_in_body(R"({"type":"a.b","unique_key":"","creator":"a\nb"})"),
              "creator not_allowed\nunique_key too_short");
    EXPECT_EQ(mistakes_in_body(R"({"type":"a.b","unique_key":")" + std::string(256, 'k') + "\"}"),
              "unique_key too_long");
    EXPECT_EQ(mistakes_in_body(R"({"type":"a.b","creator":")" + std::string(101, 'c') + "\"}"),
              "creator too_long");
}

TEST(JobSpec, MayEndWithoutHavingRun) {
    const auto spec = *read(R"({"type":"a.b","end_time":"2030-01-01T00:00:00Z"})");
    EXPECT_EQ(spec.end_time, *base::parse_instant("2030-01-01T00:00:00Z"));
    EXPECT_EQ(mistakes_in_body(R"({"type":"a.b","begin_time":"2030-01-01T00:00:00Z",
                                   "end_time":"2029-12-31T23:59:59Z"})"),
              "end_time out_of_range");
    const auto recurring =
        *read(R"({"type":"a.b","name":"n","interval":5,"end_time":"2030-01-01T00:00:00Z"})");
    EXPECT_FALSE(recurring.end_time) << "its children have none";
    EXPECT_TRUE(recurring.recurrence->end_time);
}

TEST(JobSpec, EveryFieldIsTakenOver) {
    JobDraft full = draft();
    full.args = R"({"command": "ls"})";
    full.kind = "once";
    full.name = "nightly";
    full.group = "reports";
    full.priority = "high";
    full.description = "two\nlines";
    full.begin_time = Instant(std::chrono::seconds(5));
    full.timeout = std::chrono::seconds(30);
    full.max_try_count = 0;
    full.labels = {{"site", "fra1"}};
    const auto spec = JobSpec::from(full, Source::System);
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->args, R"({"command": "ls"})");
    EXPECT_EQ(spec->source, Source::System);
    EXPECT_EQ(spec->name, "nightly");
    EXPECT_EQ(spec->group, "reports");
    EXPECT_EQ(spec->priority, Priority::High);
    EXPECT_EQ(spec->description, "two\nlines");
    EXPECT_EQ(spec->begin_time, full.begin_time);
    EXPECT_EQ(spec->timeout, full.timeout);
    EXPECT_EQ(spec->max_tries, 0);
    EXPECT_EQ(spec->labels, full.labels);
}

TEST(JobSpec, TheTypeIsAnId) {
    JobDraft wish = draft();
    for (const auto* type : {"a", "a.b", "a-b_c/d.9"}) {
        wish.type = type;
        EXPECT_EQ(mistakes_in(wish), "") << type;
    }
    wish.type = std::string(127, 'a');
    EXPECT_EQ(mistakes_in(wish), "");
    wish.type = std::string(128, 'a');
    EXPECT_EQ(mistakes_in(wish), "type too_long");
    wish.type = "";
    EXPECT_EQ(mistakes_in(wish), "type required");
    for (const auto* type : {"Shell.run", "a b", "a\nb", "\u00FC"}) {
        wish.type = type;
        EXPECT_EQ(mistakes_in(wish), "type not_allowed") << type;
    }
}

TEST(JobSpec, NameAndGroupHaveUpTo100VisibleCharacters) {
    JobDraft wish = draft();
    std::string longest;
    for (int i = 0; i < 100; ++i) {
        longest += "\u20AC";
    }
    wish.name = longest;
    wish.group = longest;
    EXPECT_EQ(mistakes_in(wish), "");
    wish.name = longest + "x";
    wish.group = longest + "x";
    EXPECT_EQ(mistakes_in(wish), "name too_long\ngroup too_long");
    wish.name = "";
    wish.group = "";
    EXPECT_EQ(mistakes_in(wish), "name too_short\ngroup too_short");
    wish.name = "a\tb";
    wish.group = "\xFF";
    EXPECT_EQ(mistakes_in(wish), "name not_allowed\ngroup not_allowed");
}

TEST(JobSpec, TheDescriptionHasUpTo255Characters) {
    JobDraft wish = draft();
    wish.description = std::string(255, 'x');
    EXPECT_EQ(mistakes_in(wish), "");
    wish.description = std::string(256, 'x');
    EXPECT_EQ(mistakes_in(wish), "description too_long");
    wish.description = std::string("a\0b", 3);
    EXPECT_EQ(mistakes_in(wish), "description not_allowed");
}

TEST(JobSpec, ArgumentsAreAnObjectOfBoundedSize) {
    JobDraft wish = draft();
    wish.args = "[1]";
    EXPECT_EQ(mistakes_in(wish), "args wrong_type");
    wish.args = "{";
    EXPECT_EQ(mistakes_in(wish), "args json_syntax");
    wish.args = "";
    EXPECT_EQ(mistakes_in(wish), "args json_syntax");
    wish.args = R"({"a":1,"a":2})";
    EXPECT_EQ(mistakes_in(wish), "args json_duplicate_key");
    const std::string frame = R"({"x":""})";
    wish.args = R"({"x":")" + std::string(1024 * 1024 - frame.size(), 'y') + "\"}";
    EXPECT_EQ(mistakes_in(wish), "");
    wish.args = R"({"x":")" + std::string(1024 * 1024 - frame.size() + 1, 'y') + "\"}";
    EXPECT_EQ(mistakes_in(wish), "args too_long");
}

TEST(JobSpec, KindIsAName) {
    JobDraft wish = draft();
    wish.kind = "onec";
    const auto spec = JobSpec::from(wish, Source::User);
    ASSERT_FALSE(spec);
    EXPECT_EQ(mistakes(spec.error()), "kind not_allowed");
    EXPECT_THAT(spec.error().message, HasSubstr("did you mean \"once\"?"));
}

TEST(JobSpec, PriorityIsAName) {
    JobDraft wish = draft();
    wish.priority = "hihg";
    const auto spec = JobSpec::from(wish, Source::User);
    ASSERT_FALSE(spec);
    EXPECT_EQ(mistakes(spec.error()), "priority not_allowed");
    EXPECT_THAT(spec.error().message, HasSubstr("did you mean \"high\"?"));
}

TEST(JobSpec, NumbersStayInTheirRange) {
    JobDraft wish = draft();
    wish.max_try_count = 1'000'000;
    wish.timeout = std::chrono::years(10);
    EXPECT_EQ(mistakes_in(wish), "");
    wish.max_try_count = 1'000'001;
    wish.timeout = std::chrono::years(10) + std::chrono::milliseconds(1);
    EXPECT_EQ(mistakes_in(wish), "timeout out_of_range\nmax_try_count out_of_range");
    wish.max_try_count = -1;
    wish.timeout = Duration{0};
    EXPECT_EQ(mistakes_in(wish), "timeout out_of_range\nmax_try_count out_of_range");
}

TEST(JobSpec, LabelsAreFewAndVisible) {
    JobDraft wish = draft();
    for (int i = 0; i < 32; ++i) {
        wish.labels["key" + std::to_string(i)] = "value";
    }
    EXPECT_EQ(mistakes_in(wish), "");
    wish.labels["one more"] = "value";
    EXPECT_EQ(mistakes_in(wish), "labels too_long");
    wish.labels = {{"a", ""}, {"b", "x\n"}, {"", "v"}, {std::string(101, 'k'), "v"}};
    EXPECT_THAT(mistakes_in(wish), HasSubstr("labels.a too_short\nlabels.b not_allowed"));
}

TEST(JobSpec, AllMistakesAreToldAtOnce) {
    JobDraft wish;
    wish.args = "x";
    wish.kind = "periodic";
    wish.name = "";
    wish.priority = "urgent";
    wish.max_try_count = -3;
    EXPECT_EQ(mistakes_in(wish),
              "type required\nargs json_syntax\nkind not_allowed\nname too_short\n"
              "priority not_allowed\nmax_try_count out_of_range");
}

TEST(JobSpecFromJson, ReadsEveryMember) {
    const auto spec = read(R"({"type":"shell.run","args":{"n": 1.0},"kind":"once","name":"n",
        "group":"g","priority":"low","description":"d","begin_time":"2026-03-01T13:00:00+01:00",
        "timeout":1.5,"max_try_count":3,"labels":{"site":"fra1"}})");
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(spec->type, "shell.run");
    EXPECT_EQ(spec->args, R"({"n": 1.0})");
    EXPECT_EQ(spec->kind, Kind::Once);
    EXPECT_EQ(spec->name, "n");
    EXPECT_EQ(spec->group, "g");
    EXPECT_EQ(spec->priority, Priority::Low);
    EXPECT_EQ(spec->description, "d");
    EXPECT_EQ(spec->begin_time, Instant(std::chrono::milliseconds(1'772'366'400'000)));
    EXPECT_EQ(spec->timeout, std::chrono::milliseconds(1500));
    EXPECT_EQ(spec->max_tries, 3);
    EXPECT_EQ(spec->labels, (LabelMap{{"site", "fra1"}}));
}

TEST(JobSpecFromJson, NullIsAsIfItWereNotThere) {
    const auto spec = read(R"({"type":"a","args":null,"name":null,"timeout":null,"labels":null})");
    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->args, "{}");
    EXPECT_FALSE(spec->name || spec->timeout);
}

TEST(JobSpecFromJson, AnUnknownMemberIsToldTheNearestName) {
    EXPECT_EQ(mistakes_in_body(R"({"type":"a","max_tries":3})"), "max_tries unknown");
    EXPECT_EQ(message_in_body(R"({"type":"a","prioritty":"low"})"),
              R"(a job has no member "prioritty"; did you mean "priority"?)");
    EXPECT_EQ(message_in_body(R"({"type":"a","status":"running"})"),
              R"(a job has no member "status")");
}

TEST(JobSpecFromJson, WrongKindsAreFieldErrors) {
    EXPECT_EQ(mistakes_in_body(R"({"type":1,"args":[],"kind":1,"name":1,"group":1,"priority":1,
        "description":1,"begin_time":1,"timeout":"30s","max_try_count":"3","labels":[]})"),
              "type wrong_type\nargs wrong_type\nkind wrong_type\nname wrong_type\n"
              "group wrong_type\npriority wrong_type\ndescription wrong_type\n"
              "begin_time wrong_type\ntimeout wrong_type\nmax_try_count wrong_type\n"
              "labels wrong_type");
    EXPECT_EQ(mistakes_in_body(R"({"type":"a","labels":{"a":1,"b":"x"}})"), "labels.a wrong_type");
    EXPECT_EQ(mistakes_in_body(R"({"type":"a","begin_time":"2026-03-01"})"),
              "begin_time wrong_type");
    EXPECT_EQ(mistakes_in_body(R"({"type":"a","max_try_count":1.5})"), "max_try_count wrong_type");
}

TEST(JobSpecFromJson, WrongKindsAndWrongValuesAreToldTogether) {
    EXPECT_EQ(mistakes_in_body(R"({"timeout":"30s","colour":"red","priority":"urgent"})"),
              "timeout wrong_type\ncolour unknown\ntype required\npriority not_allowed");
}

TEST(JobSpecFromJson, TimeoutsOutsideAllReasonAreRefusedBeforeTheyOverflow) {
    for (const auto* timeout : {"0", "-1", "1e300", "1e400", "-1e400", "315569521"}) {
        EXPECT_EQ(mistakes_in_body(std::string(R"({"type":"a","timeout":)") + timeout + "}"),
                  "timeout out_of_range")
            << timeout;
    }
    EXPECT_EQ(read(R"({"type":"a","timeout":0.0001})")->timeout, std::chrono::milliseconds(1));
    EXPECT_EQ(mistakes_in_body(R"({"type":"a","max_try_count":18446744073709551615})"),
              "max_try_count out_of_range");
}

TEST(JobSpecFromJson, ABeginThatNoWaitCanReachIsRefused) {
    EXPECT_TRUE(read(R"({"type":"a","begin_time":"2199-12-31T23:59:59.999Z"})"));
    EXPECT_TRUE(read(R"({"type":"a","begin_time":"0001-01-01T00:00:00Z"})"));
    for (const std::string instant : {"2200-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
        EXPECT_EQ(mistakes_in_body(R"({"type":"a","begin_time":")" + instant + "\"}"),
                  "begin_time out_of_range");
    }
}

TEST(JobSpecFromJson, AHundredMistakesAreToldAndTheRestIsCounted) {
    std::string body = R"({"type":"a")";
    for (int i = 0; i < 100'000; ++i) {
        body += ",\"k" + std::to_string(i) + "\":1";
    }
    const auto spec = read(body + "}");
    ASSERT_FALSE(spec);
    EXPECT_EQ(spec.error().fields.size(), 100U);
    EXPECT_TRUE(spec.error().message.ends_with("; and 99997 more")) << spec.error().message;
}

TEST(JobSpecFromJson, ABodyIsAnObject) {
    const auto spec = read("[]");
    ASSERT_FALSE(spec);
    EXPECT_EQ(spec.error().code, "invalid_job");
}

TEST(JobSpecFromJson, ArgumentsKeepNumbersThatNoComputerHolds) {
    EXPECT_EQ(read(R"({"type":"a","args":{"n":123456789012345678901234567890}})")->args,
              R"({"n":123456789012345678901234567890})");
}

}  // namespace
}  // namespace jobhost::core
