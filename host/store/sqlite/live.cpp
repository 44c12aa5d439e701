#include "store/sqlite/live.hpp"

#include <algorithm>
#include <utility>

namespace jobhost::store::sqlite {

namespace {

bool runs(const Held& held) { return held.started_at && !held.dead; }

RunningAttempt attempt_of(const Held& held) {
    return {.job = held.key(),
            .token = held.token,
            .number = held.attempt,
            .started_at = *held.started_at,
            .progress = held.progress,
            .note = held.note};
}

}  // namespace

bool Live::hold(Held held) {
    held.slot = board_.put(held.token, held.key());
    if (!held.slot) {
        return false;
    }
    holders_.emplace(held.key(), held.token);
    held_.emplace(held.token, std::move(held));
    return true;
}

void Live::identify(core::Token token, core::JobId id) {
    if (Held* const held = find_mutable(token)) {
        held->id = id;
    }
}

void Live::adopt(Held held) {
    held.dead = true;
    dead_.emplace(held.token, held.key());
    holders_.emplace(held.key(), held.token);
    held_.emplace(held.token, std::move(held));
}

const Held* Live::find(core::Token token) const {
    const auto found = held_.find(token);
    return found == held_.end() ? nullptr : &found->second;
}

const Held* Live::find(JobKey job) const {
    const auto holder = holders_.find(job);
    return holder == holders_.end() ? nullptr : find(holder->second);
}

Held* Live::find_mutable(core::Token token) {
    const auto found = held_.find(token);
    return found == held_.end() ? nullptr : &found->second;
}

void Live::start(core::Token token, core::Instant at, base::Steady now) {
    Held* const held = find_mutable(token);
    if (held == nullptr || held->dead || held->started_at) {
        return;
    }
    held->started_at = at;
    held->started = now;
    board_.start(*held->slot, at);
    started_.push_back(token);
}

void Live::want(core::Token token, core::Want want) {
    if (Held* const held = find_mutable(token)) {
        held->want = want;
        if (core::ends_attempt(want) && !held->dead) {
            wanted_.insert(token);
        } else {
            wanted_.erase(token);
        }
    }
}

void Live::show(core::Token token, std::optional<int> progress, std::string note) {
    if (Held* const held = find_mutable(token)) {
        held->progress = progress;
        held->note = std::move(note);
    }
}

void Live::set_leaving(core::Token token, bool leaving) {
    if (Held* const held = find_mutable(token)) {
        held->leaving = leaving;
    }
}

void Live::set_head_bytes(core::Token token, std::size_t bytes) {
    if (Held* const held = find_mutable(token)) {
        held->head_bytes = bytes;
    }
}

const Held* Live::holder(core::Token token) const {
    const Held* const held = find(token);
    return held != nullptr && !held->leaving ? held : nullptr;
}

const Held* Live::holder(JobKey job) const {
    const auto holder_token = holders_.find(job);
    return holder_token == holders_.end() ? nullptr : holder(holder_token->second);
}

void Live::release(core::Token token) {
    const auto found = held_.find(token);
    if (found == held_.end()) {
        return;
    }
    if (found->second.slot) {
        board_.clear(*found->second.slot);
    }
    holders_.erase(found->second.key());
    dead_.erase(token);
    wanted_.erase(token);
    held_.erase(found);
}

void Live::put_back(core::Token token) {
    if (const Held* const held = find(token)) {
        const ReadyKey place = held->place;
        release(token);
        add_ready(place);
    }
}

std::vector<RunningAttempt> Live::running() const {
    std::vector<RunningAttempt> all;
    all.reserve(held_.size());
    for (const auto& [token, held] : held_) {
        if (runs(held)) {
            all.push_back(attempt_of(held));
        }
    }
    return all;
}

std::optional<RunningAttempt> Live::running(JobKey job) const {
    const Held* const held = find(job);
    return held != nullptr && runs(*held) ? std::optional(attempt_of(*held)) : std::nullopt;
}

std::vector<Held> Live::dead(std::size_t limit) const {
    std::vector<Held> found;
    for (auto next = dead_.begin(); next != dead_.end() && found.size() < limit; ++next) {
        found.push_back(held_.at(next->first));
    }
    return found;
}

std::vector<Held> Live::wanted() const {
    std::vector<Held> found;
    for (const core::Token token : wanted_) {
        found.push_back(held_.at(token));
    }
    return found;
}

std::vector<Held> Live::long_runners(base::Steady now, base::Duration age) const {
    std::vector<Held> found;
    for (const core::Token token : started_) {
        const Held* const held = find(token);
        if (held == nullptr || held->marked || held->leaving) {
            continue;
        }
        if (held->started + age > now) {
            break;
        }
        found.push_back(*held);
    }
    return found;
}

std::optional<base::Steady> Live::next_long_runner(base::Duration age) {
    while (!started_.empty()) {
        const Held* const held = find(started_.front());
        if (held != nullptr && !held->marked) {
            return held->started + age;
        }
        started_.pop_front();
    }
    return std::nullopt;
}

void Live::set_marked(core::Token token) {
    if (Held* const held = find_mutable(token)) {
        held->marked = true;
    }
}

bool Live::is_free(JobKey job) const { return !holders_.contains(job) && !blocked_.contains(job); }

void Live::add_ready(const ReadyKey& row) {
    if (!holders_.contains(row.position.job)) {
        frontier_.add(row);
    }
}

std::map<core::Status, std::int64_t> Live::counts() const {
    std::map<core::Status, std::int64_t> counts = counts_;
    counts.try_emplace(core::Status::Running, 0);
    for (const auto& [token, held] : held_) {
        if (runs(held)) {
            --counts[held.tries > 0 ? core::Status::FailedRetry : core::Status::Queuing];
            ++counts[core::Status::Running];
        }
    }
    return counts;
}

std::map<Epoch, std::string> Live::node_names() const {
    std::map<Epoch, std::string> names;
    for (const auto& [epoch, node] : nodes_) {
        names.emplace(epoch, node.name);
    }
    return names;
}

const KnownNode* Live::node_of(core::Token token) const {
    const auto found = nodes_.find(Epoch::of(token));
    return found == nodes_.end() ? nullptr : &found->second;
}

}  // namespace jobhost::store::sqlite
