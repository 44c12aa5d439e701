#include "isolate/describe_child.hpp"

#include <chrono>
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "isolate/child.hpp"
#include "isolate/process.hpp"
#include "plugin/describe.hpp"
#include "plugin/refusal.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::isolate {
namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
using testing::AnyOf;
using testing::HasSubstr;

const std::filesystem::path kRogues = ROGUES_DIR;

base::Result<std::string> describe(const char* rogue, base::Duration limit = 60s) {
    return DescribeChild(limit, CHILD_PROGRAM).describe(kRogues / rogue);
}

base::Error error_of(const base::Result<std::string>& answer) {
    EXPECT_FALSE(answer) << *answer;
    return answer ? base::Error{} : answer.error();
}

TEST(DescribeChild, SoundPluginIsDescribed) {
    DescribeChild describer(60s, CHILD_PROGRAM);
    const auto description = plugin::describe_file(kRogues / "sound.so", describer);
    ASSERT_TRUE(description) << description.error().message;
    EXPECT_EQ(description->id, "rogue.sound");
    EXPECT_EQ(description->types.size(), 2U);
}

TEST(DescribeChild, DefaultIsNestedAsDeepAsAnyDocument) {
    DescribeChild describer(60s, CHILD_PROGRAM);
    const auto description = plugin::describe_file(kRogues / "deep_default.so", describer);
    ASSERT_TRUE(description) << description.error().message;
    EXPECT_EQ(description->types.at(0).parameters.at(0).default_json,
              std::string(base::kJsonDepth, '[') + std::string(base::kJsonDepth, ']'));
}

TEST(DescribeChild, WhatThePluginPrintsIsNotInTheAnswer) {
    const auto answer = describe("constructor_prints.so");
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(base::parse_json(*answer)->value.at("id").as_string(), "rogue.constructor_prints");
}

TEST(DescribeChild, RefusalThatLiesInTheFileIsMarked) {
    const auto error = error_of(describe("text_file.so"));
    EXPECT_EQ(error.code, plugin::kRefused);
    EXPECT_EQ(error.message, "it is not a shared library");
}

TEST(DescribeChild, RefusalThatMayPassIsMarkedOtherwise) {
    const auto error = error_of(describe("missing_dependency.so"));
    EXPECT_EQ(error.code, plugin::kNotLoadable);
    EXPECT_THAT(error.message, HasSubstr("librogue-absent.so"));
}

TEST(DescribeChild, ConstructorThatBlocksRunsIntoTheLimit) {
    const auto error = error_of(describe("constructor_blocks.so", 300ms));
    EXPECT_EQ(error.kind, ErrorKind::Timeout);
    EXPECT_EQ(
        error.message,
        "it did not describe itself within 300ms: a constructor that blocks, or a slow disk?");
}

TEST(DescribeChild, ConstructorThatExitsIsFoundOut) {
    const auto error = error_of(describe("constructor_exits.so"));
    EXPECT_EQ(error.code, plugin::kNotLoadable);
    EXPECT_THAT(error.message, HasSubstr("exit code 0 and without an answer"));
}

TEST(DescribeChild, ConstructorThatLeavesAProcessBehindHoldsNobodyUp) {
    const auto begun = std::chrono::steady_clock::now();
    static_cast<void>(error_of(describe("constructor_forks.so")));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s);
}

TEST(DescribeChild, CrashIsNamed) {
    const auto error = error_of(describe("constructor_aborts.so"));
    EXPECT_EQ(error.code, plugin::kNotLoadable);
    // A sanitizer may take the signal and exit instead.
    EXPECT_THAT(error.message, AnyOf(HasSubstr("SIGABRT"), HasSubstr("Sanitizer")));
}

TEST(DescribeChild, LastWordsAreQuoted) {
    EXPECT_THAT(error_of(describe("constructor_throws.so")).message, HasSubstr("; it wrote: "));
}

TEST(DescribeChild, ChildProgramThatIsNotThereIsTheHostsFault) {
    const auto answer = DescribeChild(60s, "/nowhere/jobhost-child").describe("/any.so");
    const auto error = error_of(answer);
    EXPECT_EQ(error.kind, ErrorKind::Unavailable);
    EXPECT_THAT(error.message, HasSubstr("/nowhere/jobhost-child"));
}

/// A child program of the test's own, in shell.
class PretendedChild : public testing::Test {
protected:
    base::Error describe(const std::string& script) {
        const auto program = dir_.write("child", "#!/bin/sh\n" + script);
        std::filesystem::permissions(program, std::filesystem::perms::owner_all);
        return error_of(DescribeChild(60s, program).describe("/any.so"));
    }
    support::TempDir dir_;
};

TEST_F(PretendedChild, GarbageIsNoAnswer) {
    EXPECT_THAT(describe("echo '{nope'").message, HasSubstr("exit code 0 and without an answer"));
    EXPECT_THAT(describe("echo '{}'; exit 65").message, HasSubstr("exit code 65"));
    EXPECT_THAT(describe(R"(echo '{"error":{"code":1,"message":2}}'; exit 65)").message,
                HasSubstr("exit code 65"));
    EXPECT_THAT(describe("exit 1").message, HasSubstr("exit code 1"));
}

TEST_F(PretendedChild, AnswerThatDoesNotEndIsCutOff) {
    EXPECT_THAT(describe("yes").message, HasSubstr("longer than 1 MiB"));
}

TEST(DescribeChildIdentity, DiffersWithTheProgram) {
    const support::TempDir dir;
    const auto program = dir.write("child", "one");
    const auto before = DescribeChild(60s, program).identity();
    EXPECT_EQ(DescribeChild(60s, program).identity(), before);
    dir.write("child", "another");
    EXPECT_NE(DescribeChild(60s, program).identity(), before);
}

TEST(DefaultChildProgram, StandsBesideThisProgram) {
    EXPECT_EQ(default_child_program(),
              std::filesystem::read_symlink("/proc/self/exe").parent_path() / "jobhost-child");
}

/// The program itself, as a person would start it.
ProcessEnd child(std::vector<std::string> arguments) {
    auto end = run_process({.program = CHILD_PROGRAM,
                            .arguments = std::move(arguments),
                            .environment = {},
                            .limit = 60s,
                            .most_output = 100'000,
                            .most_errors = 100'000});
    EXPECT_TRUE(end);
    return *std::move(end);
}

TEST(ChildProgram, RefusesArgumentsThatItDoesNotKnow) {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                      {"--describe"},
                                                      {"--help"},
                                                      {"--describe", "a.so", "b.so"},
                                                      {"a.so", "--describe"}}) {
        const auto end = child(arguments);
        EXPECT_EQ(end.code, kUsage);
        EXPECT_EQ(end.output, "");
        EXPECT_THAT(end.errors, HasSubstr("usage: jobhost-child --describe FILE"));
    }
}

TEST(ChildProgram, SaysAtItsEndWhatItDid) {
    EXPECT_EQ(child({"--describe", (kRogues / "sound.so").string()}).code, kDescribed);
    EXPECT_EQ(child({"--describe", (kRogues / "text_file.so").string()}).code, kRefused);
    EXPECT_EQ(child({"--describe", (kRogues / "directory.so").string()}).code, kRefused);
    EXPECT_EQ(child({"--describe", "/nowhere/absent.so"}).code, kRefused);
}

}  // namespace
}  // namespace jobhost::isolate
