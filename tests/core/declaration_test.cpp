#include "core/declaration.hpp"

#include <optional>

#include <gtest/gtest.h>

#include "support/job_builder.hpp"

namespace jobhost::core {
namespace {

using support::JobBuilder;
using namespace std::chrono_literals;

JobSpec declared(JobSpec job, const std::string& place = "jobhost.toml:1") {
    job.declared = Declaration{"here", place};
    return job;
}

const JobSpec kJob = declared(JobBuilder().name("n").spec());

/// This host, and one that runs `test.job`.
Neighbours neighbours() {
    TypeInfo type;
    type.id = "test.job";
    Parameter parameter;
    parameter.name = "a";
    type.parameters = {parameter};
    return {.hosts = {"here", "there"}, .types = {type}};
}

base::Result<DeclaredStep> step(const JobSpec& wanted, const std::optional<JobSpec>& stored) {
    return step_towards(wanted, stored ? &*stored : nullptr, neighbours());
}

/// Why it is refused; empty when it is not.
std::string refusal(const JobSpec& wanted, const std::optional<JobSpec>& stored) {
    const auto found = step(wanted, stored);
    return found ? "" : found.error().message;
}

TEST(Declaration, WhatIsNotStoredIsCreated) {
    EXPECT_EQ(*step(kJob, std::nullopt), DeclaredStep::Create);
}

TEST(Declaration, WhatIsAsDeclaredIsLeftAlone) {
    EXPECT_EQ(*step(kJob, kJob), DeclaredStep::Leave);
}

TEST(Declaration, AnotherLineOrAnotherHostThatIsGoneIsAMove) {
    EXPECT_EQ(*step(declared(kJob, "jobhost.toml:9"), kJob), DeclaredStep::Move);
    EXPECT_EQ(*step(kJob, declared(kJob, "")), DeclaredStep::Move) << "it was gone";
    JobSpec old = kJob;
    old.declared->host = "old";
    EXPECT_EQ(*step(kJob, old), DeclaredStep::Move);
}

TEST(Declaration, WhatDiffersIsChanged) {
    JobSpec other = kJob;
    other.priority = Priority::High;
    EXPECT_EQ(*step(other, kJob), DeclaredStep::Change);
    EXPECT_EQ(*step(kJob, released(kJob)), DeclaredStep::Change) << "it comes back";
}

TEST(Declaration, AJobThatSomebodyAddedIsNotTheFilesToChange) {
    JobSpec added = kJob;
    added.declared.reset();
    EXPECT_TRUE(refusal(kJob, added).starts_with("somebody added"));
    EXPECT_EQ(step(kJob, added).error().code, "declared_job");
}

TEST(Declaration, AnotherHostThatIsUpHasTheSay) {
    JobSpec theirs = kJob;
    theirs.declared->host = "there";
    EXPECT_EQ(*step(kJob, theirs), DeclaredStep::Leave);
    theirs.priority = Priority::High;
    EXPECT_TRUE(refusal(kJob, theirs)
                    .starts_with("the host \"there\" declares it differently at jobhost.toml:1"));
    theirs.declared->place.clear();
    EXPECT_EQ(*step(kJob, theirs), DeclaredStep::Change) << "it declares it no more";
}

TEST(Declaration, WhatNeverChangesIsRefused) {
    JobSpec type = kJob;
    type.type = "test.other";
    JobSpec kind = declared(JobBuilder().name("n").recurring({.interval = 60s}).spec());
    JobSpec creator = kJob;
    creator.creator = "ada";
    JobSpec key = kJob;
    key.unique_key = "k";
    for (const JobSpec& wanted : {type, kind, creator, key}) {
        EXPECT_NE(refusal(wanted, kJob).find("stored one is once of type \"test.job\""),
                  std::string::npos);
    }
}

TEST(Declaration, TypeAndArgumentsMustFitWhenTheyAreNew) {
    JobSpec unknown = kJob;
    unknown.type = "no.such";
    EXPECT_EQ(refusal(unknown, std::nullopt), "no host that is up runs jobs of type \"no.such\"");
    JobSpec wrong = kJob;
    wrong.args = R"({"b":1})";
    EXPECT_NE(refusal(wrong, std::nullopt).find("args.b"), std::string::npos);
    EXPECT_NE(refusal(wrong, kJob).find("args.b"), std::string::npos);
}

TEST(Declaration, AJobWhoseTypeIsGoneCanBeDisabled) {
    JobSpec stored = kJob;
    stored.type = "no.such";
    JobSpec wanted = stored;
    EXPECT_EQ(*step(wanted, stored), DeclaredStep::Leave);
    wanted.enabled = false;
    EXPECT_EQ(*step(wanted, stored), DeclaredStep::Change);
}

TEST(Declaration, WhatIsReleasedIsDisabledAndBelongsToNoFile) {
    const JobSpec job = released(kJob);
    EXPECT_FALSE(job.enabled);
    EXPECT_FALSE(is_declared(job));
    EXPECT_EQ(job.declared->host, "here");
    EXPECT_TRUE(is_declared(kJob));
    EXPECT_FALSE(is_declared(JobBuilder().spec()));
}

}  // namespace
}  // namespace jobhost::core
