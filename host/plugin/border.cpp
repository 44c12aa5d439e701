#include "plugin/border.hpp"

#include <utility>

#include "plugin/c_border.hpp"
#include "plugin/outcomes.hpp"

namespace jobhost::plugin {

Border::Border(std::string host_version, std::uint32_t number, Conduct& conduct)
    : host_version_(std::move(host_version)),
      conduct_(conduct),
      contexts_((number << 24U) + 1),
      table_(host_table(*this, host_version_)) {}

jh_ctx Border::begin(const std::shared_ptr<Call>& call) {
    const auto ctx = contexts_.open(call);
    running_.with([&](auto& running) {
        running.insert_or_assign(call->attempt->token, Running{call, ctx});
    });
    return ctx;
}

bool Border::finish(jh_ctx ctx, Call& call, jh_rc returned) {
    auto& attempt = *call.attempt;
    if (!end(ctx, attempt)) {
        return false;
    }
    attempt.sink.complete(attempt.token, outcome_of(returned, call, conduct_));
    return true;
}

bool Border::finish(jh_ctx ctx, Call& call, core::Outcome outcome) {
    auto& attempt = *call.attempt;
    if (!end(ctx, attempt)) {
        return false;
    }
    attempt.sink.complete(attempt.token, std::move(outcome));
    return true;
}

bool Border::end(jh_ctx ctx, AttemptState& attempt) {
    if (!contexts_.close(ctx)) {
        return false;
    }
    attempt.cancellation.close();
    running_.with([&](auto& running) { running.erase(attempt.token); });
    return true;
}

std::optional<Border::Running> Border::find(core::Token token) const {
    return running_.with([&](const auto& running) -> std::optional<Running> {
        const auto found = running.find(token);
        return found == running.end() ? std::nullopt : std::optional(found->second);
    });
}

void Border::cancel(core::Token token, core::CancelReason reason) {
    if (const auto running = find(token);
        running && running->call->attempt->cancellation.ask(reason)) {
        delivery_.deliver(running->call);
    }
}

std::size_t Border::attempts() const {
    return running_.with([](const auto& running) { return running.size(); });
}

}  // namespace jobhost::plugin
