#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/job.hpp"
#include "simulation/trace.hpp"

namespace jobhost::simulation {

/// Sees what can be seen from outside of any store: which attempts are alive, what was
/// acknowledged, what was announced. Keeps the first violation.
class Witness {
public:
    explicit Witness(Trace& trace) : trace_(trace) {}

    struct Attempt {
        core::JobId job;
        Owner owner = kNobody;
        std::optional<core::JobId> exclusive_parent = {};
    };

    void violated(const char* invariant, std::string what) {
        if (!violation_) {
            violation_ = Violation{invariant, std::move(what)};
        }
    }
    [[nodiscard]] const std::optional<Violation>& violation() const { return violation_; }

    /// The lease of this incarnation is over: what it still runs is not its fault any more.
    void expire(Owner owner) { expired_.insert(owner); }
    [[nodiscard]] bool is_expired(Owner owner) const { return expired_.contains(owner); }

    void begins(core::Token token, const Attempt& attempt) {
        trace_.add("begins: token, job", attempt.owner, token.value, number_of(attempt.job));
        core::Token& newest = newest_[attempt.job];
        if (token <= newest && !is_expired(attempt.owner)) {
            violated("I3", "the token of " + name_of(attempt.job) + " did not grow");
        }
        newest = std::max(newest, token);
        for (const auto& [other_token, other] : live_) {
            const bool both_valid = !is_expired(other.owner) && !is_expired(attempt.owner);
            if (both_valid && other.job == attempt.job) {
                violated("I2", "two live attempts of " + name_of(attempt.job));
            } else if (both_valid && attempt.exclusive_parent &&
                       other.exclusive_parent == attempt.exclusive_parent) {
                violated("I2", "two live children of " + name_of(*attempt.exclusive_parent));
            }
        }
        live_.emplace(token, attempt);
    }

    /// Does it run, in a process whose lease is valid?
    [[nodiscard]] bool is_alive(core::Token token) const {
        const auto found = live_.find(token);
        return found != live_.end() && !is_expired(found->second.owner);
    }

    void ends(core::Token token, Owner owner) {
        trace_.add("ends: token", owner, token.value);
        live_.erase(token);
    }

    /// The process is gone, and all its attempts with it.
    void forget(Owner owner) {
        expire(owner);
        std::erase_if(live_, [&](const auto& entry) { return entry.second.owner == owner; });
    }

    void announced(Owner owner, core::JobId job) { ++announced_[{owner, job}]; }
    [[nodiscard]] int announcements(Owner owner, core::JobId job) const {
        const auto found = announced_.find({owner, job});
        return found == announced_.end() ? 0 : found->second;
    }

    void acknowledged(core::JobId job) { acknowledged_.insert(job); }
    [[nodiscard]] const std::set<core::JobId>& acknowledged() const { return acknowledged_; }

    /// Somebody asked for it.
    void deleted(core::JobId job) {
        deleted_.insert(job);
        acknowledged_.erase(job);
    }
    [[nodiscard]] bool is_deleted(core::JobId job) const { return deleted_.contains(job); }

    /// A short number for people; ids differ from run to run on a real store.
    std::int64_t number_of(core::JobId job) {
        return numbers_.try_emplace(job, static_cast<std::int64_t>(numbers_.size()) + 1)
            .first->second;
    }
    std::string name_of(core::JobId job) { return "job " + std::to_string(number_of(job)); }

private:
    Trace& trace_;
    std::optional<Violation> violation_;
    std::map<core::Token, Attempt> live_;
    std::map<core::JobId, core::Token> newest_;
    std::set<Owner> expired_;
    std::map<std::pair<Owner, core::JobId>, int> announced_;
    std::set<core::JobId> acknowledged_;
    std::set<core::JobId> deleted_;
    std::map<core::JobId, std::int64_t> numbers_;
};

}  // namespace jobhost::simulation
