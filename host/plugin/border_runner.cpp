#include "plugin/border_runner.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "plugin/c_border.hpp"
#include "plugin/crossing.hpp"
#include "plugin/failures.hpp"
#include "plugin/outcomes.hpp"

namespace jobhost::plugin {

namespace {

jh_str borrow(std::string_view text) { return {text.data(), text.size()}; }

int64_t milliseconds(core::Instant instant) { return instant.time_since_epoch().count(); }

/// Borrows from its arguments.
jh_run_info info_of(const core::Attempt& attempt, Call& call) {
    jh_run_info info{};
    info.struct_size = JH_STRUCT_SIZE(jh_run_info);
    info.attempt = static_cast<uint32_t>(std::max(attempt.number, 1));
    info.max_attempts = static_cast<uint32_t>(std::max(attempt.max_tries, 0));
    info.token = static_cast<uint64_t>(attempt.token.value);
    info.job_id = borrow(call.job_id);
    info.job_name = borrow(attempt.name);
    info.group = borrow(attempt.group);
    info.runner_id = borrow(attempt.type);
    info.args_json = borrow(call.arguments->text());
    info.node = borrow(attempt.node);
    info.source = borrow("user");
    info.enqueued_at_ms = milliseconds(attempt.enqueued_at);
    info.deadline_ms = attempt.deadline ? milliseconds(*attempt.deadline) : 0;
    return info;
}

/// A context that is good for as long as this stands on the stack.
class OpenContext {
public:
    OpenContext(Contexts& contexts, std::shared_ptr<Call> call)
        : contexts_(contexts), number_(contexts.open(std::move(call))) {}
    ~OpenContext() { contexts_.close(number_); }
    OpenContext(const OpenContext&) = delete;
    OpenContext& operator=(const OpenContext&) = delete;

    [[nodiscard]] jh_ctx number() const { return number_; }

private:
    Contexts& contexts_;
    jh_ctx number_;
};

}  // namespace

BorderRunner::BorderRunner(core::TypeInfo type, const jh_runner& runner, void* self, Border& border)
    : type_(std::move(type)), runner_(runner), self_(self), border_(border) {}

std::optional<core::Failure> BorderRunner::validate(const core::Attempt& attempt) {
    if (!JH_CAN(&runner_, jh_runner, validate)) {
        return std::nullopt;
    }
    const auto call = std::make_shared<Call>(Call::Kind::Validate, type_, attempt);
    const OpenContext context(border_.contexts(), call);
    std::string thrown;
    const auto returned = cross(border_.conduct(), &thrown, [&] {
        return runner_.validate(self_, context.number(), borrow(call->arguments->text()));
    });
    if (!returned) {
        return core::failure_of(thrown_outcome(border_.conduct(), thrown));
    }
    return judgement(*returned, *call);
}

std::optional<core::Failure> BorderRunner::judgement(jh_rc returned, Call& call) {
    if (returned == JH_OK) {
        return std::nullopt;
    }
    auto& conduct = border_.conduct();
    if (returned != JH_FAILED) {
        const auto what =
            "returned " + std::to_string(returned) + " from validate, which is no verdict";
        conduct.broke_rule(what, call.job_id);
        return misbehaved(conduct, "bad-outcome", what);
    }
    auto reason = call.reason.with([](auto& told) { return std::exchange(told, std::nullopt); });
    return reason ? std::move(reason) : unspecified(conduct, call.job_id);
}

void BorderRunner::start(core::Attempt attempt, core::Sink& sink) {
    const auto kind = type_.blocking ? Call::Kind::Run : Call::Kind::Start;
    const auto call = std::make_shared<Call>(kind, type_, attempt);
    call->attempt.emplace(attempt.token, sink);
    const auto info = info_of(attempt, *call);
    const auto ctx = border_.begin(call);
    // The plugin has not been entered, so no callback can be due yet.
    static_cast<void>(call->attempt->cancellation.ask(sink.cancel_reason(attempt.token)));
    if (type_.blocking) {
        run_to_end(call, ctx, info);
    } else {
        start_off(call, ctx, info);
    }
}

void BorderRunner::run_to_end(const std::shared_ptr<Call>& call,
                              jh_ctx ctx,
                              const jh_run_info& info) {
    auto& conduct = border_.conduct();
    std::string thrown;
    const auto returned = cross(conduct, &thrown, [&] { return runner_.run(self_, ctx, &info); });
    if (returned) {
        border_.finish(ctx, *call, *returned);
    } else {
        border_.finish(ctx, *call, thrown_outcome(conduct, thrown));
    }
}

void BorderRunner::start_off(const std::shared_ptr<Call>& call,
                             jh_ctx ctx,
                             const jh_run_info& info) {
    auto& conduct = border_.conduct();
    std::string thrown;
    const auto returned = cross(conduct, &thrown, [&] { return runner_.start(self_, ctx, &info); });
    if (returned == JH_PENDING) {
        return;  // complete() ends it, or has done so
    }
    const bool first = returned ? border_.finish(ctx, *call, *returned)
                                : border_.finish(ctx, *call, thrown_outcome(conduct, thrown));
    if (!first && returned) {
        conduct.broke_rule("completed an attempt and then returned " + std::to_string(*returned) +
                               " from start as well",
                           call->job_id);
    }
}

void BorderRunner::cancel(core::Token token, core::CancelReason reason) {
    border_.cancel(token, reason);
}

}  // namespace jobhost::plugin
