#include "plugin/border.hpp"

#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "log_file.hpp"
#include "plugin/border_runner.hpp"
#include "sdk/border_harness.hpp"

namespace jobhost::plugin {
namespace {

using core::CancelReason;
using sdk_test::RecordingSink;

/// What a test lets the plugin do; the plugin's functions find it through `self`.
struct Behaviour {
    std::function<jh_rc(jh_ctx, const jh_run_info&)> work;
    std::function<jh_rc(jh_ctx, jh_str)> validate;
};

jh_rc JH_CALL work(void* self, jh_ctx ctx, const jh_run_info* info) {
    return static_cast<Behaviour*>(self)->work(ctx, *info);
}

jh_rc JH_CALL validate(void* self, jh_ctx ctx, jh_str args) {
    return static_cast<Behaviour*>(self)->validate(ctx, args);
}

jh_runner runner_that(bool waits) {
    jh_runner runner{};
    runner.struct_size = JH_STRUCT_SIZE(jh_runner);
    runner.id = "acme.mail";
    (waits ? runner.start : runner.run) = work;
    runner.validate = validate;
    return runner;
}

core::TypeInfo type_that(bool waits) {
    core::TypeInfo type;
    type.id = "acme.mail";
    type.blocking = !waits;
    return type;
}

/// A plugin with one runner that blocks and one that waits, behind a border of its own.
class Plugin {
public:
    explicit Plugin(std::uint32_t number = 1) : border("9.9.9", number, conduct) {}

    core::Token start(BorderRunner& runner, RecordingSink& sink) {
        core::Attempt attempt;
        attempt.job = core::JobId::make(core::Instant{});
        attempt.token = {++last_token};
        attempt.type = "acme.mail";
        attempt.args = R"({"to":"anna","big":9223372036854775807,"whole":3.0,"part":0.5})";
        attempt.node = "node-1";
        runner.start(attempt, sink);
        return attempt.token;
    }

    Conduct conduct{"acme.mail", "1.2.0"};
    Border border;
    const jh_host* host = border.table();
    const jh_run_api& api = *host->run;
    Behaviour behaviour;
    const jh_runner blocking_struct = runner_that(false);
    const jh_runner waiting_struct = runner_that(true);
    BorderRunner blocking{type_that(false), blocking_struct, &behaviour, border};
    BorderRunner waiting{type_that(true), waiting_struct, &behaviour, border};
    std::int64_t last_token = 0;
};

class BorderTest : public testing::Test {
protected:
    LogFile log_;
    RecordingSink sink_;
    Plugin plugin_;

    core::Outcome run(std::function<jh_rc(jh_ctx, const jh_run_info&)> work) {
        plugin_.behaviour.work = std::move(work);
        return sink_.wait(plugin_.start(plugin_.blocking, sink_)).outcome;
    }

    /// Begins an attempt that waits; its context.
    jh_ctx begin_waiting() {
        jh_ctx ctx = 0;
        plugin_.behaviour.work = [&](jh_ctx mine, const jh_run_info&) {
            ctx = mine;
            return JH_PENDING;
        };
        token_ = plugin_.start(plugin_.waiting, sink_);
        return ctx;
    }

    core::Token token_;
};

template <typename T>
bool ended_as(const core::Outcome& outcome) {
    return std::holds_alternative<T>(outcome.end);
}

TEST_F(BorderTest, TellsWhoTheHostIs) {
    EXPECT_EQ(plugin_.host->struct_size, sizeof(jh_host));
    EXPECT_EQ(plugin_.host->api_level, 1U);
    EXPECT_EQ(std::string(plugin_.host->version.ptr, plugin_.host->version.len), "9.9.9");
    EXPECT_EQ(plugin_.host->get_extension(plugin_.host, "jobhost.kv/1"), nullptr);
}

TEST_F(BorderTest, TellsTheAttempt) {
    run([&](jh_ctx, const jh_run_info& info) {
        EXPECT_EQ(info.struct_size, sizeof(jh_run_info));
        EXPECT_EQ(info.attempt, 1U);
        EXPECT_EQ(info.token, 1U);
        EXPECT_EQ(std::string(info.runner_id.ptr, info.runner_id.len), "acme.mail");
        EXPECT_EQ(std::string(info.node.ptr, info.node.len), "node-1");
        EXPECT_EQ(info.deadline_ms, 0);
        return JH_OK;
    });
}

TEST_F(BorderTest, NullHostIsRefusedEverywhere) {
    std::int64_t number = 0;
    double real = 0;
    std::int32_t truth = 0;
    jh_str text{};
    const auto& api = plugin_.api;
    EXPECT_EQ(api.cancel_reason(nullptr, 1), JH_E_INVALID);
    EXPECT_EQ(api.wait_cancelled(nullptr, 1, 0), JH_E_INVALID);
    EXPECT_EQ(api.on_cancel(
                  nullptr, 1, [](void*) {}, nullptr),
              JH_E_INVALID);
    EXPECT_EQ(api.off_cancel(nullptr, 1), JH_E_INVALID);
    EXPECT_EQ(api.progress(nullptr, 1, 0, {}), JH_E_INVALID);
    EXPECT_EQ(api.output(nullptr, 1, 1, "", 0), JH_E_INVALID);
    EXPECT_EQ(api.set_result(nullptr, 1, {}), JH_E_INVALID);
    EXPECT_EQ(api.arg_i64(nullptr, 1, "a", &number), JH_E_INVALID);
    EXPECT_EQ(api.arg_f64(nullptr, 1, "a", &real), JH_E_INVALID);
    EXPECT_EQ(api.arg_bool(nullptr, 1, "a", &truth), JH_E_INVALID);
    EXPECT_EQ(api.arg_str(nullptr, 1, "a", &text), JH_E_INVALID);
    EXPECT_EQ(api.arg_json(nullptr, 1, "a", &text), JH_E_INVALID);
    EXPECT_EQ(api.complete(nullptr, 1, JH_OK), JH_E_INVALID);
    plugin_.host->log(nullptr, 0, JH_LOG_INFO, {}, {});
    plugin_.host->fail(nullptr, 1, nullptr);
}

TEST_F(BorderTest, ContextOfAnotherPluginIsRefused) {
    Plugin other(2);
    run([&](jh_ctx ctx, const jh_run_info&) {
        EXPECT_EQ(other.api.cancel_reason(other.host, ctx), JH_E_STATE);
        return JH_OK;
    });
    EXPECT_EQ(other.conduct.broken_rules(), 1);
    EXPECT_EQ(plugin_.conduct.broken_rules(), 0);
}

TEST_F(BorderTest, ValidateMayAskForArgumentsAndNothingElse) {
    plugin_.behaviour.validate = [&](jh_ctx ctx, jh_str) {
        jh_str text{};
        EXPECT_EQ(plugin_.api.arg_str(plugin_.host, ctx, "to", &text), JH_OK);
        EXPECT_EQ(std::string(text.ptr, text.len), "anna");
        EXPECT_EQ(plugin_.api.cancel_reason(plugin_.host, ctx), JH_E_STATE);
        EXPECT_EQ(plugin_.api.set_result(plugin_.host, ctx, jh_str_of("{}")), JH_E_STATE);
        EXPECT_EQ(plugin_.api.complete(plugin_.host, ctx, JH_OK), JH_E_STATE);
        return JH_OK;
    };
    core::Attempt attempt;
    attempt.args = R"({"to":"anna"})";
    EXPECT_TRUE(plugin_.blocking.validate(attempt));
    EXPECT_EQ(plugin_.conduct.broken_rules(), 3);
}

TEST_F(BorderTest, RefusalOfValidateIsAnInvalidRequest) {
    plugin_.behaviour.validate = [&](jh_ctx ctx, jh_str) {
        jh_error error{};
        error.struct_size = JH_STRUCT_SIZE(jh_error);
        error.type = jh_str_of("mail.address");
        error.message = jh_str_of("nobody lives there");
        plugin_.host->fail(plugin_.host, ctx, &error);
        return JH_FAILED;
    };
    const auto judged = plugin_.blocking.validate(core::Attempt{});
    ASSERT_FALSE(judged);
    EXPECT_EQ(judged.error().kind, base::ErrorKind::Invalid);
    EXPECT_EQ(judged.error().message, "nobody lives there");
    ASSERT_EQ(judged.error().fields.size(), 1U);
    EXPECT_EQ(judged.error().fields.front().code, "mail.address");
}

TEST_F(BorderTest, ValidateThatBreaksTheRulesIsThePluginsFault) {
    const std::vector<std::function<jh_rc(jh_ctx, jh_str)>> broken{
        [](jh_ctx, jh_str) { return 999; }, [](jh_ctx, jh_str) { return JH_FAILED; },
        [](jh_ctx, jh_str) -> jh_rc { throw std::runtime_error("thrown"); }};
    for (const auto& one : broken) {
        plugin_.behaviour.validate = one;
        const auto judged = plugin_.blocking.validate(core::Attempt{});
        ASSERT_FALSE(judged);
        EXPECT_EQ(judged.error().kind, base::ErrorKind::Internal);
        EXPECT_NE(judged.error().message.find("plugin `acme.mail` 1.2.0"), std::string::npos);
    }
    EXPECT_EQ(plugin_.conduct.broken_rules(), 3);
}

TEST_F(BorderTest, RunnerWithoutValidateTakesEverything) {
    auto runner = runner_that(false);
    runner.validate = nullptr;
    BorderRunner silent(type_that(false), runner, &plugin_.behaviour, plugin_.border);
    EXPECT_TRUE(silent.validate(core::Attempt{}));
}

TEST_F(BorderTest, ArgumentsComeInTheTypeThatIsAskedFor) {
    run([&](jh_ctx ctx, const jh_run_info&) {
        std::int64_t number = 0;
        double real = 0;
        std::int32_t truth = 7;
        jh_str text{};
        EXPECT_EQ(plugin_.api.arg_i64(plugin_.host, ctx, "big", &number), JH_OK);
        EXPECT_EQ(number, 9223372036854775807);
        EXPECT_EQ(plugin_.api.arg_i64(plugin_.host, ctx, "whole", &number), JH_OK);
        EXPECT_EQ(number, 3);
        EXPECT_EQ(plugin_.api.arg_i64(plugin_.host, ctx, "part", &number), JH_E_INVALID);
        EXPECT_EQ(number, 3);
        EXPECT_EQ(plugin_.api.arg_f64(plugin_.host, ctx, "part", &real), JH_OK);
        EXPECT_EQ(real, 0.5);
        EXPECT_EQ(plugin_.api.arg_bool(plugin_.host, ctx, "part", &truth), JH_E_INVALID);
        EXPECT_EQ(truth, 7);
        EXPECT_EQ(plugin_.api.arg_json(plugin_.host, ctx, "whole", &text), JH_OK);
        EXPECT_EQ(std::string(text.ptr, text.len), "3.0");
        EXPECT_EQ(plugin_.api.arg_str(plugin_.host, ctx, "nobody", &text), JH_E_ABSENT);
        return JH_OK;
    });
    EXPECT_EQ(plugin_.conduct.broken_rules(), 0);
}

TEST_F(BorderTest, SecretIsNotHandedOut) {
    auto type = type_that(false);
    core::Parameter secret;
    secret.name = "password";
    secret.secret = true;
    type.parameters.push_back(secret);
    BorderRunner runner(type, plugin_.blocking_struct, &plugin_.behaviour, plugin_.border);
    core::Attempt attempt;
    attempt.token = {77};
    attempt.args = R"({"password":{"$secret":"mail"}})";
    plugin_.behaviour.work = [&](jh_ctx ctx, const jh_run_info&) {
        jh_str text{};
        return plugin_.api.arg_str(plugin_.host, ctx, "password", &text) == JH_E_UNSUPPORTED
                   ? JH_OK
                   : JH_SKIP;
    };
    runner.start(attempt, sink_);
    EXPECT_TRUE(ended_as<core::Succeeded>(sink_.wait({77}).outcome));
}

TEST_F(BorderTest, CancellationReachesARunningAttempt) {
    std::latch inside(1);
    plugin_.behaviour.work = [&](jh_ctx ctx, const jh_run_info&) {
        inside.count_down();
        const auto reason = plugin_.api.wait_cancelled(plugin_.host, ctx, 60'000);
        EXPECT_EQ(plugin_.api.cancel_reason(plugin_.host, ctx), reason);
        return reason == JH_CANCEL_USER ? JH_CANCELLED : JH_OK;
    };
    std::jthread worker([&] { plugin_.start(plugin_.blocking, sink_); });
    inside.wait();
    EXPECT_EQ(plugin_.border.blocked_attempts(), 1U);
    plugin_.blocking.cancel({1}, CancelReason::User);
    EXPECT_TRUE(ended_as<core::Cancelled>(sink_.wait({1}).outcome));
    worker.join();
    EXPECT_EQ(plugin_.border.blocked_attempts(), 0U);
}

TEST_F(BorderTest, CancellationBeforeTheBeginningIsNotLost) {
    sink_.cancel_from_the_beginning(CancelReason::Deadline);
    const auto outcome = run([&](jh_ctx ctx, const jh_run_info&) {
        return plugin_.api.cancel_reason(plugin_.host, ctx) == JH_CANCEL_DEADLINE ? JH_CANCELLED
                                                                                  : JH_OK;
    });
    EXPECT_TRUE(ended_as<core::Cancelled>(outcome));
}

TEST_F(BorderTest, CancellationOfAnUnknownAttemptIsHarmless) {
    plugin_.blocking.cancel({4711}, CancelReason::User);
    EXPECT_EQ(plugin_.conduct.broken_rules(), 0);
}

TEST_F(BorderTest, CancelCallbackMayCompleteTheAttempt) {
    struct Completing {
        const jh_host* host;
        jh_ctx ctx;
        jh_rc answer;
    } completing{plugin_.host, begin_waiting(), -99};
    const auto callback = [](void* user_data) {
        auto& mine = *static_cast<Completing*>(user_data);
        mine.answer = mine.host->run->complete(mine.host, mine.ctx, JH_CANCELLED);
    };
    EXPECT_EQ(plugin_.api.on_cancel(plugin_.host, completing.ctx, callback, &completing), JH_OK);
    plugin_.waiting.cancel(token_, CancelReason::User);
    EXPECT_EQ(completing.answer, JH_OK);
    EXPECT_TRUE(ended_as<core::Cancelled>(sink_.wait(token_).outcome));
}

TEST_F(BorderTest, SecondCancelCallbackIsRefused) {
    const auto ctx = begin_waiting();
    const auto nothing = [](void*) {};
    EXPECT_EQ(plugin_.api.on_cancel(plugin_.host, ctx, nothing, nullptr), JH_OK);
    EXPECT_EQ(plugin_.api.on_cancel(plugin_.host, ctx, nothing, nullptr), JH_E_STATE);
    EXPECT_EQ(plugin_.api.off_cancel(plugin_.host, ctx), JH_OK);
    EXPECT_EQ(plugin_.api.complete(plugin_.host, ctx, JH_OK), JH_OK);
}

TEST_F(BorderTest, ExceptionOutOfACancelCallbackIsCaught) {
    const auto ctx = begin_waiting();
    plugin_.api.on_cancel(
        plugin_.host, ctx, [](void*) { throw std::runtime_error("thrown"); }, nullptr);
    plugin_.waiting.cancel(token_, CancelReason::User);
    EXPECT_EQ(plugin_.conduct.broken_rules(), 1);
    EXPECT_EQ(plugin_.api.complete(plugin_.host, ctx, JH_CANCELLED), JH_OK);
}

TEST_F(BorderTest, AttemptThatIsGivenUpEndsAndALateCompleteIsRefused) {
    const auto ctx = begin_waiting();
    plugin_.waiting.cancel(token_, CancelReason::Deadline);
    plugin_.waiting.give_up(token_);
    EXPECT_TRUE(ended_as<core::Cancelled>(sink_.wait(token_).outcome));
    EXPECT_EQ(plugin_.api.complete(plugin_.host, ctx, JH_OK), JH_E_STATE);
    EXPECT_EQ(plugin_.conduct.broken_rules(), 1);
}

TEST_F(BorderTest, BlockedAttemptIsNotGivenUp) {
    std::latch inside(1);
    std::latch go_on(1);
    plugin_.behaviour.work = [&](jh_ctx, const jh_run_info&) {
        inside.count_down();
        go_on.wait();
        return JH_OK;
    };
    std::jthread worker([&] { plugin_.start(plugin_.blocking, sink_); });
    inside.wait();
    plugin_.blocking.give_up({1});
    go_on.count_down();
    EXPECT_TRUE(ended_as<core::Succeeded>(sink_.wait({1}).outcome));
}

TEST_F(BorderTest, AttemptInsideItsCancelCallbackIsNotGivenUp) {
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
    std::jthread canceller([&] { plugin_.waiting.cancel(token_, CancelReason::User); });
    latches.inside.wait();
    plugin_.waiting.give_up(token_);
    latches.go_on.count_down();
    EXPECT_EQ(plugin_.api.complete(plugin_.host, ctx, JH_OK), JH_OK);
    EXPECT_TRUE(ended_as<core::Succeeded>(sink_.wait(token_).outcome));
}

TEST_F(BorderTest, ForgottenAttemptsTellNobodyAndAreOver) {
    const auto ctx = begin_waiting();
    plugin_.border.forget_waiting();
    EXPECT_EQ(plugin_.api.complete(plugin_.host, ctx, JH_OK), JH_E_STATE);
    EXPECT_EQ(plugin_.api.wait_cancelled(plugin_.host, ctx, 60'000), JH_E_STATE);
}

TEST_F(BorderTest, TenThousandAttemptsWaitWithoutAThread) {
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

TEST_F(BorderTest, CompletionAndCancellationMayRace) {
    std::atomic<int> running{0};
    const auto callback = [](void* user_data) {
        auto& count = *static_cast<std::atomic<int>*>(user_data);
        ++count;
        --count;
    };
    for (int round = 0; round < 1000; ++round) {
        const auto ctx = begin_waiting();
        plugin_.api.on_cancel(plugin_.host, ctx, callback, &running);
        std::jthread canceller([&, token = token_] {
            plugin_.waiting.cancel(token, CancelReason::User);
            plugin_.waiting.give_up(token);
        });
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

TEST_F(BorderTest, LogLinesCarryPluginAndJob) {
    run([&](jh_ctx ctx, const jh_run_info& info) {
        plugin_.host->log(plugin_.host, ctx, 99, jh_str_of("hello"), jh_str_of(R"({"n":1})"));
        EXPECT_NE(log_.text().find(std::string(info.job_id.ptr, info.job_id.len)),
                  std::string::npos);
        return JH_OK;
    });
    const auto text = log_.text();
    EXPECT_NE(text.find(R"("level":"info")"), std::string::npos);
    EXPECT_NE(text.find(R"("plugin":"acme.mail")"), std::string::npos);
    EXPECT_NE(text.find(R"("n":"1")"), std::string::npos);
}

}  // namespace
}  // namespace jobhost::plugin
