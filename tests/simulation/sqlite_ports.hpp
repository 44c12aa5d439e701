#pragma once

#include <atomic>
#include <span>
#include <vector>

#include "simulation/node.hpp"
#include "simulation/scheduler.hpp"
#include "store/claim_store.hpp"
#include "store/plan_store.hpp"

/// A real store as the tasks of a simulated node call it.
namespace jobhost::simulation {

/// The node's clock as the threads of the store may read it: what it showed at the last call.
class StoreClock final : public base::Clock {
public:
    void show(const NodeClock& clock) {
        now_ = clock.now().time_since_epoch().count();
        steady_ = clock.steady().time_since_epoch().count();
    }
    [[nodiscard]] base::Instant now() const override {
        return base::Instant(base::Duration(now_.load()));
    }
    [[nodiscard]] base::Steady steady() const override {
        return base::Steady(base::Steady::duration(steady_.load()));
    }

private:
    std::atomic<base::Duration::rep> now_{0};
    std::atomic<base::Steady::rep> steady_{0};
};

/// Others may go before a call and after it: a crash after it is a lost answer.
class Door {
public:
    Door(Scheduler& scheduler, const NodeClock& clock, StoreClock& shown)
        : scheduler_(scheduler), clock_(clock), shown_(shown) {}

    /// Before whatever asks the store without going through.
    void show_clock() const { shown_.show(clock_); }

    template <typename Call>
    auto through(Call call) {
        scheduler_.yield();
        show_clock();
        auto answer = call();
        scheduler_.yield();
        return answer;
    }

private:
    Scheduler& scheduler_;
    const NodeClock& clock_;
    StoreClock& shown_;
};

class SteppingClaims final : public store::ClaimStore {
public:
    SteppingClaims(Door& door, store::ClaimStore& inner) : door_(door), inner_(inner) {}

    base::Result<store::Claim> claim(const store::ClaimRequest& request) override {
        return door_.through([&] { return inner_.claim(request); });
    }
    void started(std::span<const core::Token> tokens) override {
        door_.through([&] {
            inner_.started(tokens);
            return true;
        });
    }
    base::Result<std::vector<store::Settled>> settle(
        std::span<const store::Settlement> settlements) override {
        return door_.through([&] { return inner_.settle(settlements); });
    }
    base::Result<base::Unit> hand_back(std::span<const core::Token> tokens) override {
        return door_.through([&] { return inner_.hand_back(tokens); });
    }
    base::Result<base::Unit> update(std::span<const store::AttemptUpdate> updates) override {
        return door_.through([&] { return inner_.update(updates); });
    }
    base::Result<std::vector<store::DeadClaim>> dead_claims(int limit) override {
        return door_.through([&] { return inner_.dead_claims(limit); });
    }

private:
    Door& door_;
    store::ClaimStore& inner_;
};

class SteppingPlans final : public store::PlanStore {
public:
    SteppingPlans(Door& door, store::PlanStore& inner) : door_(door), inner_(inner) {}

    base::Result<store::DuePlans> due(core::Instant now, int limit) override {
        return door_.through([&] { return inner_.due(now, limit); });
    }
    base::Result<std::vector<store::Advanced>> advance(
        std::span<const store::Advance> advances) override {
        return door_.through([&] { return inner_.advance(advances); });
    }
    base::Result<store::Backfilled> backfill(const store::BackfillOrder& order) override {
        return door_.through([&] { return inner_.backfill(order); });
    }
    base::Result<int> rewind(core::Instant now) override {
        return door_.through([&] { return inner_.rewind(now); });
    }
    base::Result<std::vector<store::NotRunRow>> not_run(core::JobId id,
                                                        core::Instant before,
                                                        int limit) override {
        return door_.through([&] { return inner_.not_run(id, before, limit); });
    }

private:
    Door& door_;
    store::PlanStore& inner_;
};

}  // namespace jobhost::simulation
