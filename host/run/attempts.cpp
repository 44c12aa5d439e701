#include "run/attempts.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace jobhost::run {

namespace {

constexpr base::Duration kShowEvery = std::chrono::seconds(1);
constexpr base::Duration kLookEvery = std::chrono::seconds(1);

core::Attempt attempt_of(const store::ClaimedJob& job, const std::string& node, Instant now) {
    return {.job = job.id,
            .token = job.token,
            .number = job.attempt,
            .max_tries = job.standing.max_tries,
            .type = job.type,
            .name = job.name,
            .group = job.group,
            .args = job.args,
            .node = node,
            .enqueued_at = job.created_at,
            .deadline = job.timeout ? std::optional(now + *job.timeout) : std::nullopt};
}

core::Outcome expired(Instant end_time) {
    return {core::Expired{"its end time, " + base::format_instant(end_time) + ", had passed"}, {}};
}

constexpr std::string_view kDoesNotStop =
    "an attempt was asked to stop and does not; its place stays occupied";
constexpr std::string_view kDoesNotReturn =
    "a runner does not return from start; until it does, no other job of its type begins here";

/// What is noticed under the lock and said after it.
struct Finding {
    std::string_view sentence;
    core::JobId job;
    std::shared_ptr<core::Runner> runner;
};

void log_all(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
        const core::TypeInfo& type = finding.runner->type();
        base::log(base::LogLevel::Error, "run", finding.sentence,
                  {{"job_id", finding.job.text()}, {"type", type.id}, {"plugin", type.plugin}});
    }
}

}  // namespace

Attempts::Attempts(const Options& options, const base::Clock& clock, base::Wake& freed)
    : options_(options), clock_(clock), freed_(freed) {}

Attempts::Record* Attempts::State::find(Token token) {
    const auto found = records.find(token);
    return found == records.end() ? nullptr : &found->second;
}

Attempts::Record Attempts::State::take(Records::iterator at) {
    const Token token = at->first;
    limit(token, at->second, std::nullopt);
    count(at->second, -1);
    Record record = std::move(at->second);
    records.erase(at);
    changed.erase(token);
    unstick(token);
    return record;
}

void Attempts::State::limit(Token token, Record& record, std::optional<Steady> when) {
    if (record.limit) {
        limits.erase({*record.limit, token});
    }
    record.limit = when;
    if (when) {
        limits.emplace(*when, token);
    }
}

void Attempts::State::count(const Record& record, int by) {
    const core::TypeInfo& type = record.runner->type();
    (type.blocking ? load.blocking : load.waiting) += by;
    TypeLoad& of_type = load.by_type[type.id];
    of_type.held += by;
    of_type.unbegun += record.begun ? 0 : by;
}

/// Unless there is another reason why it is.
void Attempts::State::unstick(Token token) {
    const Record* record = find(token);
    if (!starting.contains(token) && (record == nullptr || !record->overdue)) {
        stuck.erase(token);
    }
}

void Attempts::add(store::ClaimedJob job, std::shared_ptr<core::Runner> runner) {
    const Token token = job.token;
    Record record;
    record.job = std::move(job);
    record.runner = std::move(runner);
    state_.with([&](State& state) {
        state.count(record, +1);
        state.records.emplace(token, std::move(record));
    });
}

std::optional<core::Attempt> Attempts::begin(Token token, const std::string& node) {
    const Steady steady = clock_.steady();
    const Instant now = clock_.now();
    bool line_is_short = false;
    auto attempt = state_.with([&](State& state) -> std::optional<core::Attempt> {
        const auto found = state.records.find(token);
        if (found == state.records.end()) {
            return std::nullopt;
        }
        if (const auto end_time = found->second.job.standing.end_time;
            end_time && now > *end_time) {
            end(state, found, expired(*end_time));
            return std::nullopt;
        }
        Record& record = found->second;
        record.begun = true;
        record.started_at = now;
        record.started = record.shown = steady;
        if (record.job.timeout) {
            limit(state, token, record, steady + *record.job.timeout);
        }
        const core::TypeInfo& type = record.runner->type();
        const int unbegun = --state.load.by_type[type.id].unbegun;
        if (!type.blocking) {
            line_is_short = unbegun == kReadAhead / 2;
            state.starting.emplace(token, Starting{record.job.id, record.runner, steady});
        }
        return attempt_of(record.job, node, now);
    });
    if (line_is_short) {
        freed_.set();
    }
    return attempt;
}

void Attempts::returned(Token token) {
    state_.with([&](State& state) {
        state.starting.erase(token);
        state.unstick(token);
    });
    emptied_.set();
}

void Attempts::complete(Token token, core::Outcome outcome) {
    const bool known = state_.with([&](State& state) {
        const auto found = state.records.find(token);
        if (found == state.records.end()) {
            return false;
        }
        end(state, found, std::move(outcome));
        return true;
    });
    if (!known) {
        base::log(base::LogLevel::Warn, "run", "an attempt ended that does not run here; ignored",
                  {{"token", std::to_string(token.value)}});
    }
}

/// It leaves the table and is posted in one step: who sees the table empty finds every end posted.
void Attempts::end(State& state, Records::iterator at, core::Outcome outcome) {
    ended_.push(end_of(state.take(at), std::move(outcome)));
    freed_.set();
    emptied_.set();
}

Ended Attempts::end_of(Record record, core::Outcome outcome) const {
    const Instant now = clock_.now();
    const Instant started_at = record.begun ? record.started_at : now;
    const auto took =
        record.begun ? std::chrono::duration_cast<core::Duration>(clock_.steady() - record.started)
                     : core::Duration::zero();
    return {
        .job = std::move(record.job),
        .outcome = std::move(outcome),
        .cancelled = record.cancelled,
        .retry_base = record.runner->type().retry_base,
        .started_at = started_at,
        .ended_at = std::max(now, started_at),
        .took = took,
        .output = record.output.empty() ? std::nullopt : std::optional(record.output.snapshot())};
}

void Attempts::output(Token token, core::Stream stream, std::span<const std::byte> bytes) {
    state_.with([&](State& state) {
        if (Record* record = state.find(token)) {
            record->output.add(stream, bytes);
            state.changed.insert(token);
        }
    });
}

void Attempts::progress(Token token, std::optional<int> permyriad, std::string_view note) {
    state_.with([&](State& state) {
        if (Record* record = state.find(token)) {
            record->progress = permyriad;
            record->note = note;
            state.changed.insert(token);
        }
    });
}

core::CancelReason Attempts::cancel_reason(Token token) const {
    return state_.with([&](const State& state) {
        const auto found = state.records.find(token);
        return found == state.records.end() ? core::CancelReason::None : found->second.cancelled;
    });
}

void Attempts::limit(State& state, Token token, Record& record, Steady when) {
    state.limit(token, record, when);
    if (when < state.next_look) {
        limits_changed_.set();
    }
}

void Attempts::mark_cancelled(State& state,
                              Token token,
                              Record& record,
                              core::CancelReason reason) {
    record.cancelled = reason;
    limit(state, token, record, clock_.steady() + options_.cancel_grace);
}

void Attempts::cancel(Token token, core::CancelReason reason) {
    const auto runner = state_.with([&](State& state) -> std::shared_ptr<core::Runner> {
        const auto found = state.records.find(token);
        if (found == state.records.end() || found->second.cancelled != core::CancelReason::None) {
            return nullptr;
        }
        Record& record = found->second;
        if (!record.begun) {
            record.cancelled = reason;
            end(state, found, {core::Cancelled{}, {}});
            return nullptr;
        }
        mark_cancelled(state, token, record, reason);
        return record.runner;
    });
    if (runner) {
        runner->cancel(token, reason);
    }
}

void Attempts::cancel_all(core::CancelReason reason) {
    const auto tokens = state_.with([](const State& state) {
        std::vector<Token> all;
        for (const auto& [token, record] : state.records) {
            all.push_back(token);
        }
        return all;
    });
    for (const Token token : tokens) {
        cancel(token, reason);
    }
}

Steady Attempts::watch_limits() {
    const Steady now = clock_.steady();
    std::vector<std::pair<std::shared_ptr<core::Runner>, Token>> late;
    std::vector<Finding> findings;
    const Steady next = state_.with([&](State& state) {
        while (!state.limits.empty() && state.limits.begin()->first <= now) {
            const Token token = state.limits.begin()->second;
            Record& record = *state.find(token);
            if (record.cancelled == core::CancelReason::None) {
                mark_cancelled(state, token, record, core::CancelReason::Deadline);
                late.emplace_back(record.runner, token);
                continue;
            }
            state.limit(token, record, std::nullopt);
            record.overdue = true;
            if (state.stuck.insert(token).second) {
                findings.push_back({kDoesNotStop, record.job.id, record.runner});
            }
        }
        for (const auto& [token, starting] : state.starting) {
            const bool held = starting.since + options_.cancel_grace <= now;
            if (held && state.stuck.insert(token).second) {
                findings.push_back({kDoesNotReturn, starting.job, starting.runner});
            }
        }
        state.next_look = now + kLookEvery;
        if (!state.limits.empty()) {
            state.next_look = std::min(state.next_look, state.limits.begin()->first);
        }
        return state.next_look;
    });
    for (const auto& [runner, token] : late) {
        runner->cancel(token, core::CancelReason::Deadline);
    }
    log_all(findings);
    return next;
}

void Attempts::wait_for_limits(std::stop_token stop, Steady until) {
    limits_changed_.wait_until(std::move(stop), until);
}

std::vector<Token> Attempts::take_unbegun() {
    return state_.with([](State& state) {
        std::vector<Token> tokens;
        for (auto at = state.records.begin(); at != state.records.end();) {
            const auto here = at++;
            if (!here->second.begun) {
                tokens.push_back(here->first);
                state.take(here);
            }
        }
        return tokens;
    });
}

std::vector<store::AttemptUpdate> Attempts::take_updates() {
    const Steady now = clock_.steady();
    return state_.with([&](State& state) {
        std::vector<store::AttemptUpdate> updates;
        std::erase_if(state.changed, [&](Token token) {
            Record& record = *state.find(token);
            if (record.shown + kShowEvery > now) {
                return false;
            }
            record.shown = now;
            updates.push_back({.job = record.job.id,
                               .token = token,
                               .progress = record.progress,
                               .note = record.note,
                               .output = record.output.empty()
                                             ? std::nullopt
                                             : std::optional(record.output.snapshot())});
            return true;
        });
        return updates;
    });
}

Load Attempts::load() const {
    return state_.with([](const State& state) {
        Load load = state.load;
        load.stuck = static_cast<int>(state.stuck.size());
        for (const Token token : state.stuck) {
            const auto found = state.records.find(token);
            const bool works =
                found != state.records.end() && found->second.runner->type().blocking;
            load.lost_workers += works ? 1 : 0;
        }
        return load;
    });
}

int Attempts::left() const {
    return state_.with([](const State& state) {
        const auto over = [&](const auto& starting) {
            return !state.records.contains(starting.first);
        };
        return static_cast<int>(state.records.size()) +
               static_cast<int>(std::ranges::count_if(state.starting, over));
    });
}

void Attempts::wait_idle(std::stop_token stop, Steady until) {
    while (!idle() && !stop.stop_requested() && clock_.steady() < until) {
        emptied_.wait_until(stop, until);
    }
}

}  // namespace jobhost::run
