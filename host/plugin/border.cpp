#include "plugin/border.hpp"

#include <algorithm>
#include <utility>
#include <vector>

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
    if (const auto running = find(token)) {
        running->call->attempt->cancellation.ask(reason);
    }
}

void Border::give_up(core::Token token) {
    const auto running = find(token);
    if (!running || running->call->kind != Call::Kind::Start) {
        return;
    }
    auto& attempt = *running->call->attempt;
    auto inside = AttemptState::Phase::Inside;
    if (!attempt.phase.compare_exchange_strong(inside, AttemptState::Phase::GivenUp) &&
        inside == AttemptState::Phase::Waiting && attempt.cancellation.try_close()) {
        finish(running->ctx, *running->call, core::Outcome{core::Cancelled{}, {}});
    }
}

void Border::forget_waiting() {
    const auto waiting = running_.with([](const auto& running) {
        std::vector<Running> found;
        for (const auto& [token, one] : running) {
            if (one.call->kind == Call::Kind::Start) {
                found.push_back(one);
            }
        }
        return found;
    });
    for (const auto& one : waiting) {
        end(one.ctx, *one.call->attempt);
    }
}

std::size_t Border::blocked_attempts() const {
    return running_.with([](const auto& running) {
        return static_cast<std::size_t>(std::ranges::count_if(
            running, [](const auto& entry) { return entry.second.call->kind == Call::Kind::Run; }));
    });
}

}  // namespace jobhost::plugin
