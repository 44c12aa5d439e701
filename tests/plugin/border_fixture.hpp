#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>

#include <gtest/gtest.h>

#include "log_file.hpp"
#include "plugin/border.hpp"
#include "plugin/border_runner.hpp"
#include "sdk/border_harness.hpp"

namespace jobhost::plugin {

using sdk_test::RecordingSink;

/// What a test lets the plugin do; the plugin's functions find it through `self`.
struct Behaviour {
    std::function<jh_rc(jh_ctx, const jh_run_info&)> work;
    std::function<jh_rc(jh_ctx, jh_str)> validate;
};

inline jh_rc JH_CALL work(void* self, jh_ctx ctx, const jh_run_info* info) {
    return static_cast<Behaviour*>(self)->work(ctx, *info);
}

inline jh_rc JH_CALL validate(void* self, jh_ctx ctx, jh_str args) {
    return static_cast<Behaviour*>(self)->validate(ctx, args);
}

inline jh_runner runner_that(bool waits) {
    jh_runner runner{};
    runner.struct_size = JH_STRUCT_SIZE(jh_runner);
    runner.id = "acme.mail";
    (waits ? runner.start : runner.run) = work;
    runner.validate = validate;
    return runner;
}

inline core::TypeInfo type_that(bool waits) {
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

}  // namespace jobhost::plugin
