#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include "border_harness.hpp"
#include "sample_plugin.hpp"

namespace jobhost::sdk_test {
namespace {

class Completions : public ::testing::Test {
protected:
    Loaded plugin_{*jobhost_plugin_v1(nullptr)};

    void TearDown() override {
        plugin_.stop();
        EXPECT_EQ(plugin_.broken_rules(), 0);
    }
};

TEST_F(Completions, FinishEndsTheAttemptAndOnlyTheFirstOneCounts) {
    const auto told = plugin_.run("sample.finish", R"({"a":1})");
    EXPECT_TRUE(std::holds_alternative<core::Succeeded>(told.outcome.end));
    EXPECT_EQ(told.outcome.result_json, R"({"a":1})");
    EXPECT_EQ(told.out, "an id");
}

TEST_F(Completions, FinishMayComeFromAnotherThread) {
    EXPECT_EQ(plugin_.run("sample.elsewhere").outcome.result_json, "1");
}

TEST_F(Completions, OneThatIsLetGoFailsAsAbandoned) {
    EXPECT_EQ(failure_of(plugin_.run("sample.let-go")).type, "abandoned");
}

TEST_F(Completions, OneThatIsOverwrittenFailsAsAbandoned) {
    EXPECT_EQ(failure_of(plugin_.run("sample.overwrite")).type, "abandoned");
}

TEST_F(Completions, AnExceptionOutOfStartIsTheReasonAndNotThatItWasLetGo) {
    const auto failure = failure_of(plugin_.run("sample.throw-in-start"));
    EXPECT_EQ(failure.type, "exception");
    EXPECT_EQ(failure.message, "could not begin");
}

TEST_F(Completions, OneThatIsLostToAnExceptionInsideStartFailsAsAbandoned) {
    const auto told = plugin_.run("sample.catch-in-start");
    EXPECT_EQ(failure_of(told).type, "abandoned");
    EXPECT_EQ(told.out, "caught");
}

TEST_F(Completions, AnExceptionAfterTheEndChangesNothing) {
    const auto told = plugin_.run("sample.throw-after-finish");
    EXPECT_TRUE(std::holds_alternative<core::Succeeded>(told.outcome.end));
}

TEST_F(Completions, AnExceptionAfterHandingOverEndsTheAttemptForTheNewOwnerToo) {
    EXPECT_EQ(failure_of(plugin_.run("sample.throw-after-handing-over")).message,
              "after handing over");
}

TEST_F(Completions, ACancelCallbackMayFinish) {
    const auto token = plugin_.start("sample.wait-for-cancel");
    plugin_.sink().wait_for_progress(token);
    plugin_.cancel(token, "sample.wait-for-cancel");
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(plugin_.sink().wait(token).outcome.end));
}

TEST_F(Completions, ACancelCallbackMayFinishBeforeTheWorkHasBegun) {
    plugin_.sink().cancel_from_the_beginning(core::CancelReason::Deadline);
    const auto told = plugin_.run("sample.wait-for-cancel");
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(told.outcome.end));
}

TEST_F(Completions, WhatStillWaitsWhenThePluginStopsIsAbandoned) {
    const auto token = plugin_.start("sample.wait-for-cancel");
    plugin_.stop();
    EXPECT_EQ(failure_of(plugin_.sink().wait(token)).type, "abandoned");
}

TEST_F(Completions, FinishAndCancelMayMeet) {
    for (int round = 0; round < 500; ++round) {
        const auto token = plugin_.start("sample.elsewhere");
        plugin_.cancel(token, "sample.elsewhere");
        plugin_.sink().wait(token);
    }
}

/// As much of a host as an attempt needs that never gets to wait. It keeps what on_cancel was
/// given.
class SmallHost {
public:
    SmallHost() {
        api_.struct_size = JH_STRUCT_SIZE(jh_run_api);
        api_.on_cancel = [](const jh_host* host, jh_ctx, void (*callback)(void*), void*) {
            self(host).callback_ = callback;
            return JH_OK;
        };
        api_.off_cancel = [](const jh_host* host, jh_ctx) {
            self(host).callback_ = nullptr;
            return JH_OK;
        };
        api_.output = [](const jh_host* host, jh_ctx, uint32_t, const void*, size_t) {
            self(host).watched_at_output_ = self(host).callback_ != nullptr;
            return JH_OK;
        };
        host_.struct_size = JH_STRUCT_SIZE(jh_host);
        host_.impl = this;
        host_.log = [](const jh_host*, jh_ctx, std::int32_t, jh_str, jh_str) {};
        host_.fail = [](const jh_host*, jh_ctx, const jh_error*) {};
        host_.run = &api_;
        EXPECT_EQ(plugin_.init(&host_, 1, jh_str_of("{}"), &self_), JH_OK);
    }
    ~SmallHost() {
        plugin_.quiesce(self_);
        plugin_.deinit(self_);
    }
    SmallHost(const SmallHost&) = delete;
    SmallHost& operator=(const SmallHost&) = delete;

    jh_rc start(const std::string& type) {
        const std::span runners(plugin_.runners, plugin_.runner_count);
        const auto found = std::ranges::find(runners, type, &jh_runner::id);
        jh_run_info info{};
        info.struct_size = JH_STRUCT_SIZE(jh_run_info);
        return (*found)->start(self_, 2, &info);
    }

    /// Does the host hold a callback, now and when the attempt wrote its last output?
    [[nodiscard]] bool watched() const { return callback_ != nullptr; }
    [[nodiscard]] bool watched_at_output() const { return watched_at_output_; }

private:
    static SmallHost& self(const jh_host* host) { return *static_cast<SmallHost*>(host->impl); }

    const jh_plugin& plugin_ = *jobhost_plugin_v1(nullptr);
    jh_run_api api_{};
    jh_host host_{};
    void* self_ = nullptr;
    void (*callback_)(void*) = nullptr;
    bool watched_at_output_ = true;
};

TEST(Start, LeavesNoCancelCallbackBehindWhenItDoesNotWait) {
    for (const auto* type : {"sample.let-go", "sample.throw-in-start", "sample.catch-in-start",
                             "sample.throw-after-handing-over"}) {
        SmallHost host;
        EXPECT_EQ(host.start(type), JH_FAILED) << type;
        EXPECT_FALSE(host.watched()) << type;
    }
}

TEST(Start, TakesTheCancelCallbackBackAsSoonAsTheCompletionIsGone) {
    SmallHost host;
    host.start("sample.catch-in-start");
    EXPECT_FALSE(host.watched_at_output());
}

}  // namespace
}  // namespace jobhost::sdk_test
