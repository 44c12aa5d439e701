// Attempts on their way through a plugin: validation, cancellation, giving up, and races of those.
#include "plugin/border_runner.hpp"

#include <atomic>
#include <functional>
#include <latch>
#include <map>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "border_fixture.hpp"

namespace jobhost::plugin {
namespace {

using core::CancelReason;

class BorderRunnerTest : public BorderTest {};

TEST_F(BorderRunnerTest, RefusalOfValidateIsThePluginsOwnFailure) {
    plugin_.behaviour.validate = [&](jh_ctx ctx, jh_str) {
        jh_error error{};
        error.struct_size = JH_STRUCT_SIZE(jh_error);
        error.category = JH_CATEGORY_NETWORK;
        error.flags = JH_ERROR_PERMANENT;
        error.retry_after_ms = 1500;
        error.type = jh_str_of("mail.address");
        error.message = jh_str_of("nobody lives there");
        plugin_.host->fail(plugin_.host, ctx, &error);
        return JH_FAILED;
    };
    const auto judged = plugin_.blocking.validate(core::Attempt{});
    const core::Failure expected{.category = core::ErrorCategory::Network,
                                 .hint = core::RetryHint::Permanent,
                                 .retry_after = std::chrono::milliseconds(1500),
                                 .type = "mail.address",
                                 .message = "nobody lives there"};
    EXPECT_EQ(judged, expected);
    EXPECT_EQ(plugin_.conduct.broken_rules(), 0);
}

TEST_F(BorderRunnerTest, ValidateThatBreaksTheRulesIsThePluginsFault) {
    const std::map<std::string, std::function<jh_rc(jh_ctx, jh_str)>> broken{
        {"bad-outcome", [](jh_ctx, jh_str) { return 999; }},
        {"unspecified", [](jh_ctx, jh_str) { return JH_FAILED; }},
        {"exception", [](jh_ctx, jh_str) -> jh_rc { throw std::runtime_error("thrown"); }}};
    for (const auto& [type, one] : broken) {
        plugin_.behaviour.validate = one;
        const auto judged = plugin_.blocking.validate(core::Attempt{});
        ASSERT_TRUE(judged);
        EXPECT_EQ(judged->type, type);
        EXPECT_EQ(judged->category, core::ErrorCategory::Application);
        EXPECT_EQ(judged->hint, core::RetryHint::Default);
        EXPECT_NE(judged->message.find("plugin `acme.mail` 1.2.0"), std::string::npos);
    }
    EXPECT_EQ(plugin_.conduct.broken_rules(), 3);
}

TEST_F(BorderRunnerTest, RunnerWithoutValidateTakesEverything) {
    auto runner = runner_that(false);
    runner.validate = nullptr;
    BorderRunner silent(type_that(false), runner, &plugin_.behaviour, plugin_.border);
    EXPECT_EQ(silent.validate(core::Attempt{}), std::nullopt);
}

TEST_F(BorderRunnerTest, CancellationReachesARunningAttempt) {
    std::latch inside(1);
    plugin_.behaviour.work = [&](jh_ctx ctx, const jh_run_info&) {
        inside.count_down();
        const auto reason = plugin_.api.wait_cancelled(plugin_.host, ctx, 60'000);
        EXPECT_EQ(plugin_.api.cancel_reason(plugin_.host, ctx), reason);
        return reason == JH_CANCEL_USER ? JH_CANCELLED : JH_OK;
    };
    std::jthread worker([&] { plugin_.start(plugin_.blocking, sink_); });
    inside.wait();
    EXPECT_EQ(plugin_.border.attempts(), 1U);
    plugin_.blocking.cancel({1}, CancelReason::User);
    EXPECT_TRUE(ended_as<core::Cancelled>(sink_.wait({1}).outcome));
    worker.join();
    EXPECT_EQ(plugin_.border.attempts(), 0U);
}

TEST_F(BorderRunnerTest, CancellationBeforeTheBeginningIsNotLost) {
    sink_.cancel_from_the_beginning(CancelReason::Deadline);
    const auto outcome = run([&](jh_ctx ctx, const jh_run_info&) {
        return plugin_.api.cancel_reason(plugin_.host, ctx) == JH_CANCEL_DEADLINE ? JH_CANCELLED
                                                                                  : JH_OK;
    });
    EXPECT_TRUE(ended_as<core::Cancelled>(outcome));
}

TEST_F(BorderRunnerTest, CancellationOfAnUnknownAttemptIsHarmless) {
    plugin_.blocking.cancel({4711}, CancelReason::User);
    EXPECT_EQ(plugin_.conduct.broken_rules(), 0);
}

TEST_F(BorderRunnerTest, CancelCallbackMayCompleteTheAttempt) {
    struct Completing {
        const jh_host* host;
        jh_ctx ctx;
        jh_rc answer = -99;
        std::latch answered{1};
    } completing{.host = plugin_.host, .ctx = begin_waiting()};
    const auto callback = [](void* user_data) {
        auto& mine = *static_cast<Completing*>(user_data);
        mine.answer = mine.host->run->complete(mine.host, mine.ctx, JH_CANCELLED);
        mine.answered.count_down();
    };
    EXPECT_EQ(plugin_.api.on_cancel(plugin_.host, completing.ctx, callback, &completing), JH_OK);
    plugin_.waiting.cancel(token_, CancelReason::User);
    EXPECT_TRUE(ended_as<core::Cancelled>(sink_.wait(token_).outcome));
    completing.answered.wait();
    EXPECT_EQ(completing.answer, JH_OK);
}

TEST_F(BorderRunnerTest, SecondCancelCallbackIsRefused) {
    const auto ctx = begin_waiting();
    const auto nothing = [](void*) {};
    EXPECT_EQ(plugin_.api.on_cancel(plugin_.host, ctx, nothing, nullptr), JH_OK);
    EXPECT_EQ(plugin_.api.on_cancel(plugin_.host, ctx, nothing, nullptr), JH_E_STATE);
    EXPECT_EQ(plugin_.api.off_cancel(plugin_.host, ctx), JH_OK);
    EXPECT_EQ(plugin_.api.complete(plugin_.host, ctx, JH_OK), JH_OK);
}

TEST_F(BorderRunnerTest, ExceptionOutOfACancelCallbackIsCaught) {
    const auto ctx = begin_waiting();
    std::latch inside(1);
    plugin_.api.on_cancel(
        plugin_.host, ctx,
        [](void* user_data) {
            static_cast<std::latch*>(user_data)->count_down();
            throw std::runtime_error("thrown");
        },
        &inside);
    plugin_.waiting.cancel(token_, CancelReason::User);
    inside.wait();
    EXPECT_EQ(plugin_.api.complete(plugin_.host, ctx, JH_CANCELLED), JH_OK);  // after the callback
    EXPECT_EQ(plugin_.conduct.broken_rules(), 1);
}

TEST_F(BorderRunnerTest, CancelCallbackThatBlocksHoldsUpNobodyElse) {
    struct Latches {
        std::latch inside{1};
        std::latch go_on{1};
    } latches;
    const auto ctx = begin_waiting();
    const auto callback = [](void* user_data) {
        auto& mine = *static_cast<Latches*>(user_data);
        mine.inside.count_down();
        mine.go_on.wait();
    };
    plugin_.api.on_cancel(plugin_.host, ctx, callback, &latches);
    plugin_.waiting.cancel(token_, CancelReason::User);  // returns though the callback does not
    latches.inside.wait();
    latches.go_on.count_down();
    EXPECT_EQ(plugin_.api.complete(plugin_.host, ctx, JH_OK), JH_OK);
    EXPECT_TRUE(ended_as<core::Succeeded>(sink_.wait(token_).outcome));
}

TEST_F(BorderRunnerTest, TenThousandAttemptsWaitWithoutAThread) {
    std::vector<jh_ctx> waiting;
    plugin_.behaviour.work = [&](jh_ctx ctx, const jh_run_info&) {
        waiting.push_back(ctx);
        return JH_PENDING;
    };
    for (int i = 0; i < 10'000; ++i) {
        plugin_.start(plugin_.waiting, sink_);
    }
    for (const auto ctx : waiting) {
        EXPECT_EQ(plugin_.api.complete(plugin_.host, ctx, JH_OK), JH_OK);
    }
    EXPECT_TRUE(ended_as<core::Succeeded>(sink_.wait({10'000}).outcome));
}

TEST_F(BorderRunnerTest, CompletionAndCancellationMayRace) {
    std::atomic<int> running{0};
    const auto callback = [](void* user_data) {
        auto& count = *static_cast<std::atomic<int>*>(user_data);
        ++count;
        --count;
    };
    for (int round = 0; round < 1000; ++round) {
        const auto ctx = begin_waiting();
        plugin_.api.on_cancel(plugin_.host, ctx, callback, &running);
        std::jthread canceller(
            [&, token = token_] { plugin_.waiting.cancel(token, CancelReason::User); });
        std::jthread completer([&, ctx] {
            static_cast<void>(plugin_.api.complete(plugin_.host, ctx, JH_OK));
            EXPECT_EQ(plugin_.api.cancel_reason(plugin_.host, ctx), JH_E_STATE);
        });
        canceller.join();
        completer.join();
        static_cast<void>(sink_.wait(token_));
        EXPECT_EQ(running, 0);
    }
}

}  // namespace
}  // namespace jobhost::plugin
