#include "app/declared_jobs.hpp"

#include <algorithm>
#include <array>

#include <gmock/gmock.h>

#include "store/sqlite/database.hpp"
#include "support/job_builder.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::app {
namespace {

using core::Status;
using support::JobBuilder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

core::Recurrence every(core::Duration interval) {
    core::Recurrence recurrence;
    recurrence.interval = interval;
    return recurrence;
}

store::Node node(const std::string& name) {
    store::Node node;
    node.id = core::NodeId::make(support::ManualClock::kStart);
    node.name = name;
    return node;
}

/// Knows whom a test says to be up.
class Neighbours final : public store::NodeStore {
public:
    explicit Neighbours(store::NodeStore& inner) : inner_(inner) {}

    base::Result<base::Unit> join(const store::Node& node) override { return inner_.join(node); }
    base::Result<base::Unit> publish(const std::vector<core::TypeInfo>& types) override {
        return inner_.publish(types);
    }
    base::Result<base::Unit> leave() override { return inner_.leave(); }
    base::Result<std::vector<store::Node>> nodes() override {
        return failure ? base::Result<std::vector<store::Node>>(*failure) : up;
    }
    base::Result<std::vector<core::TypeInfo>> types() override {
        return failure ? base::Result<std::vector<core::TypeInfo>>(*failure) : inner_.types();
    }

    std::vector<store::Node> up;
    std::optional<base::Error> failure;

private:
    store::NodeStore& inner_;
};

class DeclaredJobsTest : public testing::Test {
protected:
    DeclaredJobsTest() {
        core::TypeInfo type;
        type.id = "test.job";
        core::Parameter parameter;
        parameter.name = "a";
        type.parameters = {parameter};
        EXPECT_TRUE(nodes.join(node("here")));
        EXPECT_TRUE(nodes.publish({type}));
    }

    void declare(const JobBuilder& job, int line = 1) { file.push_back({job.spec(), line}); }

    BroughtInStep start(const std::string& host = "here") {
        return bring_in_step({.host = host, .file = "jobhost.toml", .jobs = file}, jobs(), nodes);
    }
    BroughtInStep start_with(const JobBuilder& job, const std::string& host = "here") {
        file.clear();
        declare(job);
        return start(host);
    }
    BroughtInStep start_with_nothing() {
        file.clear();
        return start();
    }

    store::Job find(const std::string& name) {
        const auto page = jobs().list({.name = name});
        EXPECT_TRUE(page && page->jobs.size() == 1) << name;
        return page && !page->jobs.empty() ? page->jobs.front() : store::Job();
    }
    store::JobStore& jobs() { return database->jobs(); }
    std::string refused(core::Operation operation, core::JobId id) {
        const auto verdicts = jobs().apply(operation, std::array{id}, {});
        return verdicts->front().refused ? verdicts->front().refused->code : "";
    }

    support::TempDir dir;
    support::ManualClock clock;
    std::unique_ptr<store::Database> database =
        std::move(*store::sqlite::open({.file = dir / "jobs.db"}, clock));
    Neighbours nodes{database->nodes()};
    std::vector<config::DeclaredJob> file;
};

const JobBuilder kPoll = JobBuilder().name("poll").recurring(every(60s));

TEST_F(DeclaredJobsTest, WhatIsNewIsCreatedAndSaysWhereItIsDeclared) {
    declare(kPoll, 7);
    declare(JobBuilder().name("once"), 12);

    const auto kept = start();

    EXPECT_EQ(kept.created, 2);
    EXPECT_THAT(kept.mistakes, IsEmpty());
    EXPECT_EQ(find("poll").spec.declared, (core::Declaration{"here", "jobhost.toml:7"}));
    EXPECT_EQ(find("once").spec.declared, (core::Declaration{"here", "jobhost.toml:12"}));
}

TEST_F(DeclaredJobsTest, AStartWithTheSameFileWritesNothing) {
    declare(kPoll);
    declare(
        JobBuilder().name("all").group("g").label("site", "fra1").timeout(5s).retry({.base = 1s}));
    ASSERT_EQ(start().created, 2);

    const auto again = start();

    EXPECT_EQ(again.created + again.changed + again.moved + again.gone, 0);
    EXPECT_THAT(again.mistakes, IsEmpty());
    EXPECT_EQ(find("poll").version, 1);
}

TEST_F(DeclaredJobsTest, WhatDiffersIsChangedInPlace) {
    start_with(kPoll);
    const auto before = find("poll");

    const auto kept = start_with(JobBuilder(kPoll).priority(core::Priority::High));

    EXPECT_EQ(kept.changed, 1);
    const auto after = find("poll");
    EXPECT_EQ(after.id, before.id);
    EXPECT_EQ(after.spec.priority, core::Priority::High);
    EXPECT_EQ(after.next_run_at, before.next_run_at);
}

TEST_F(DeclaredJobsTest, AJobThatMovedInItsFileIsShownAtItsNewPlace) {
    start_with(kPoll);
    file.front().line = 40;
    const auto kept = start();
    EXPECT_EQ(kept.moved, 1);
    EXPECT_EQ(kept.changed, 0);
    EXPECT_EQ(find("poll").spec.declared->place, "jobhost.toml:40");
    EXPECT_EQ(find("poll").version, 1);
}

TEST_F(DeclaredJobsTest, WhatIsGoneIsDisabledAndFreeForEverybody) {
    start_with(kPoll);

    EXPECT_EQ(start_with_nothing().gone, 1);

    const auto gone = find("poll");
    EXPECT_FALSE(gone.spec.enabled);
    EXPECT_EQ(gone.next_run_at, std::nullopt);
    EXPECT_EQ(gone.spec.declared, (core::Declaration{"here", ""}));
    EXPECT_EQ(refused(core::Operation::Enable, gone.id), "");
    EXPECT_EQ(start_with_nothing().gone, 0) << "what is gone is let alone";
    EXPECT_TRUE(find("poll").spec.enabled);
}

TEST_F(DeclaredJobsTest, WhatComesBackGoesOn) {
    start_with(kPoll);
    const auto id = find("poll").id;
    start_with_nothing();

    EXPECT_EQ(start_with(kPoll).changed, 1);

    const auto back = find("poll");
    EXPECT_EQ(back.id, id);
    EXPECT_TRUE(back.spec.enabled);
    EXPECT_TRUE(back.next_run_at);
    EXPECT_EQ(refused(core::Operation::Disable, id), "declared_job");
}

TEST_F(DeclaredJobsTest, AStopOfAnOperatorLasts) {
    start_with(kPoll);
    const auto id = find("poll").id;
    EXPECT_EQ(refused(core::Operation::Stop, id), "");

    start_with(JobBuilder(kPoll).priority(core::Priority::High));

    EXPECT_EQ(find("poll").status, Status::Stopped);
}

TEST_F(DeclaredJobsTest, ANameThatAnotherJobHasIsToldWithFileAndLine) {
    ASSERT_TRUE(jobs().enqueue(std::array{kPoll.spec()}));
    declare(kPoll, 3);
    declare(JobBuilder().name("other"), 9);

    const auto kept = start();

    EXPECT_EQ(kept.created, 1) << "the rest is done";
    EXPECT_THAT(kept.mistakes,
                ElementsAre(testing::AllOf(HasSubstr("jobhost.toml:3: the job \"poll\""),
                                           HasSubstr(find("poll").id.text()))));
    EXPECT_FALSE(find("poll").spec.declared);
}

TEST_F(DeclaredJobsTest, TypeAndKindNeverChange) {
    start_with(kPoll);
    const auto other_kind = start_with(JobBuilder().name("poll"));
    EXPECT_THAT(other_kind.mistakes, ElementsAre(HasSubstr("persistent of type \"test.job\"")));
    const auto other_type = start_with(JobBuilder(kPoll).type("test.other"));
    EXPECT_THAT(other_type.mistakes, ElementsAre(HasSubstr("take another name")));
    auto keyed = kPoll.spec();
    keyed.unique_key = "k";
    file = {{keyed, 1}};
    EXPECT_THAT(start().mistakes, ElementsAre(HasSubstr("unique_key")));
    EXPECT_TRUE(find("poll").spec.enabled) << "it is in the file";
    EXPECT_EQ(find("poll").version, 1);
}

TEST_F(DeclaredJobsTest, AKeyThatAnotherJobHasIsTold) {
    auto keyed = JobBuilder().spec();
    keyed.unique_key = "k";
    ASSERT_TRUE(jobs().enqueue(std::array{keyed}));
    keyed.name = "mine";
    file = {{keyed, 1}};
    EXPECT_THAT(start().mistakes, ElementsAre(HasSubstr("has its unique_key")));
}

TEST_F(DeclaredJobsTest, ATypeThatNobodyRunsIsToldAndItsJobNotCreated) {
    const auto kept = start_with(JobBuilder(kPoll).type("no.such"));
    EXPECT_THAT(kept.mistakes, ElementsAre(HasSubstr("runs jobs of type \"no.such\"")));
    EXPECT_THAT(jobs().list({})->jobs, IsEmpty());
}

TEST_F(DeclaredJobsTest, ArgumentsAreCheckedAgainstTheType) {
    const auto wrong = JobBuilder(kPoll).args(R"({"b":1})");
    EXPECT_THAT(start_with(wrong).mistakes, ElementsAre(HasSubstr("args.b")));
    EXPECT_THAT(jobs().list({})->jobs, IsEmpty());
    start_with(kPoll);
    EXPECT_THAT(start_with(wrong).mistakes, ElementsAre(HasSubstr("args.b")));
    EXPECT_EQ(find("poll").spec.args, "{}");
}

TEST_F(DeclaredJobsTest, ASecondHostThatDeclaresItDifferentlyIsTold) {
    start_with(kPoll);
    nodes.up = {node("here"), node("there")};

    EXPECT_THAT(start_with(kPoll, "there").mistakes, IsEmpty());
    const auto differs = start_with(JobBuilder(kPoll).priority(core::Priority::High), "there");

    EXPECT_THAT(
        differs.mistakes,
        ElementsAre(HasSubstr("the host \"here\" declares it differently at jobhost.toml:1")));
    EXPECT_EQ(find("poll").spec.declared->host, "here");
    EXPECT_EQ(find("poll").version, 1);
}

TEST_F(DeclaredJobsTest, AHostUnderANewNameKeepsItsJobs) {
    start_with(kPoll);
    nodes.up = {node("there")};

    EXPECT_EQ(start_with(JobBuilder(kPoll).priority(core::Priority::High), "there").changed, 1);

    EXPECT_EQ(find("poll").spec.declared->host, "there");
}

TEST_F(DeclaredJobsTest, AChangeThatLeavesNothingToComeIsTold) {
    start_with(kPoll);
    auto over = every(30s);
    over.end_time = clock.now() - 1h;
    const auto kept = start_with(JobBuilder(kPoll).recurring(over));
    EXPECT_THAT(kept.mistakes, ElementsAre(HasSubstr("no occurrence is left")));
    EXPECT_EQ(find("poll").spec.recurrence->interval, 60s);

    const auto created = start_with(JobBuilder().name("never").recurring(over));
    EXPECT_THAT(created.mistakes, ElementsAre(HasSubstr("no occurrence is left")));
}

TEST_F(DeclaredJobsTest, AOnceJobThatIsOverDoesNotBeginAnew) {
    const auto once = JobBuilder().name("once");
    start_with(once);
    ASSERT_EQ(refused(core::Operation::Stop, find("once").id), "");

    const auto kept = start_with(JobBuilder(once).begin_time(clock.now() + 1h));

    EXPECT_THAT(kept.mistakes, ElementsAre(HasSubstr("begin_time changes only while")));
    EXPECT_THAT(start_with(once).mistakes, IsEmpty());
}

TEST_F(DeclaredJobsTest, AJobWhoseTypeIsGoneIsStillKeptInStep) {
    start_with(kPoll);
    ASSERT_TRUE(nodes.publish({}));
    auto off = kPoll.spec();
    off.enabled = false;
    file = {{off, 1}};

    EXPECT_EQ(start().changed, 1);

    EXPECT_FALSE(find("poll").spec.enabled);
}

TEST_F(DeclaredJobsTest, WhenTheStoreDoesNotAnswerItIsTold) {
    nodes.failure = base::Error{base::ErrorKind::Unavailable, "gone", "no answer"};
    EXPECT_THAT(start_with(kPoll).mistakes, ElementsAre(HasSubstr("no answer")));
    nodes.failure.reset();
    start_with(kPoll);
    nodes.failure = base::Error{base::ErrorKind::Unavailable, "gone", "no answer"};
    EXPECT_THAT(start_with(JobBuilder(kPoll).args(R"({"a":"1"})"), "there").mistakes,
                ElementsAre(HasSubstr("no answer")));
}

TEST_F(DeclaredJobsTest, ManyThatAreGoneAreAllReleased) {
    constexpr int kMany = 120;
    for (int number = 0; number < kMany; ++number) {
        declare(JobBuilder().name("n" + std::to_string(number)));
    }
    EXPECT_EQ(start().created, kMany);
    EXPECT_EQ(start_with_nothing().gone, kMany);
    EXPECT_EQ(start_with_nothing().gone, 0);
}

}  // namespace
}  // namespace jobhost::app
