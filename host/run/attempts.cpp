#include "run/attempts.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace jobhost::run {

namespace {

constexpr base::Duration kShowEvery = std::chrono::seconds(1);
constexpr std::size_t kNoteBytes = 500;

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

void log_stuck(const store::ClaimedJob& job) {
    base::log(base::LogLevel::Error, "run",
              "an attempt was asked to stop and does not; its place stays occupied",
              {{"job_id", job.id.text()}, {"type", job.type}});
}

}  // namespace

Attempts::Attempts(const Options& options, const base::Clock& clock, base::Wake& freed)
    : options_(options), clock_(clock), freed_(freed) {}

Attempts::Record* Attempts::State::find(Token token) {
    const auto found = records.find(token);
    return found == records.end() ? nullptr : &found->second;
}

Attempts::Record Attempts::State::take(std::unordered_map<Token, Record>::iterator at) {
    limit(at->first, at->second, std::nullopt);
    count(at->second, -1);
    Record record = std::move(at->second);
    records.erase(at);
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
    load.by_type[type.id] += by;
    load.stuck += record.stuck ? by : 0;
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
    bool cancelled = false;
    auto attempt = state_.with([&](State& state) -> std::optional<core::Attempt> {
        Record* record = state.find(token);
        if (record == nullptr) {
            return std::nullopt;
        }
        if (record->cancelled != core::CancelReason::None) {
            cancelled = true;
            return std::nullopt;
        }
        record->begun = true;
        record->started_at = now;
        record->started = record->shown = steady;
        if (record->job.timeout) {
            state.limit(token, *record, steady + *record->job.timeout);
        }
        return attempt_of(record->job, node, now);
    });
    if (cancelled) {
        end(token, {core::Cancelled{}, {}});
    }
    return attempt;
}

void Attempts::complete(Token token, core::Outcome outcome) { end(token, std::move(outcome)); }

void Attempts::end(Token token, core::Outcome outcome) {
    bool empty = false;
    std::optional<Record> record = state_.with([&](State& state) -> std::optional<Record> {
        const auto found = state.records.find(token);
        if (found == state.records.end()) {
            return std::nullopt;
        }
        Record taken = state.take(found);
        empty = state.records.empty();
        return taken;
    });
    if (!record) {
        base::log(base::LogLevel::Warn, "run", "an attempt ended that does not run here; ignored",
                  {{"token", std::to_string(token.value)}});
        return;
    }
    ended_.push(end_of(std::move(*record), std::move(outcome)));
    freed_.set();
    if (empty) {
        emptied_.set();
    }
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
            record->changed = true;
        }
    });
}

void Attempts::progress(Token token, std::optional<int> permyriad, std::string_view note) {
    state_.with([&](State& state) {
        if (Record* record = state.find(token)) {
            record->progress = permyriad;
            record->note = note.substr(0, kNoteBytes);
            record->changed = true;
        }
    });
}

core::CancelReason Attempts::cancel_reason(Token token) const {
    return state_.with([&](const State& state) {
        const auto found = state.records.find(token);
        return found == state.records.end() ? core::CancelReason::None : found->second.cancelled;
    });
}

void Attempts::mark_cancelled(State& state,
                              Token token,
                              Record& record,
                              core::CancelReason reason) {
    record.cancelled = reason;
    state.limit(token, record, clock_.steady() + options_.cancel_grace);
}

void Attempts::cancel(Token token, core::CancelReason reason) {
    const auto runner = state_.with([&](State& state) -> std::shared_ptr<core::Runner> {
        Record* record = state.find(token);
        if (record == nullptr || record->cancelled != core::CancelReason::None) {
            return nullptr;
        }
        mark_cancelled(state, token, *record, reason);
        return record->runner;
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

std::optional<Steady> Attempts::watch_limits() {
    const Steady now = clock_.steady();
    std::vector<std::pair<std::shared_ptr<core::Runner>, Token>> late;
    const auto next = state_.with([&](State& state) -> std::optional<Steady> {
        while (!state.limits.empty() && state.limits.begin()->first <= now) {
            const Token token = state.limits.begin()->second;
            Record& record = *state.find(token);
            if (record.cancelled == core::CancelReason::None) {
                mark_cancelled(state, token, record, core::CancelReason::Deadline);
                late.emplace_back(record.runner, token);
            } else {
                state.limit(token, record, std::nullopt);
                record.stuck = true;
                ++state.load.stuck;
                log_stuck(record.job);
            }
        }
        return state.limits.empty() ? std::nullopt : std::optional(state.limits.begin()->first);
    });
    for (const auto& [runner, token] : late) {
        runner->cancel(token, core::CancelReason::Deadline);
    }
    return next;
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
        for (auto& [token, record] : state.records) {
            if (!record.changed || record.shown + kShowEvery > now) {
                continue;
            }
            record.changed = false;
            record.shown = now;
            updates.push_back({.job = record.job.id,
                               .token = token,
                               .progress = record.progress,
                               .note = record.note,
                               .output = record.output.empty()
                                             ? std::nullopt
                                             : std::optional(record.output.snapshot())});
        }
        return updates;
    });
}

Load Attempts::load() const {
    return state_.with([](const State& state) { return state.load; });
}

bool Attempts::idle() const {
    return state_.with([](const State& state) { return state.records.empty(); });
}

void Attempts::wait_idle(std::stop_token stop, Steady until) {
    while (!idle() && !stop.stop_requested() && clock_.steady() < until) {
        emptied_.wait_until(stop, until);
    }
}

}  // namespace jobhost::run
