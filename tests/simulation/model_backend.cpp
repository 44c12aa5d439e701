#include <map>

#include "simulation/backend.hpp"
#include "simulation/checker.hpp"
#include "simulation/cluster.hpp"

namespace jobhost::simulation {

namespace {

constexpr core::Duration kTooLate = std::chrono::minutes(1);

class ModelBackend final : public Backend {
public:
    ModelBackend(World& world, Bug bug)
        : world_(world),
          model_({.bug = bug, .lease = kLease, .start = kStart},
                 world.scheduler,
                 world.dice,
                 world.counts),
          checker_(model_, world.witness, world.trace),
          clock_(world.scheduler, kStart),
          jobs_({.model = model_, .owner = kNobody, .node = {}, .clock = clock_}) {
        model_.committed = [this](const Diff& diff) { checker_.on_commit(diff); };
        model_.last_beat = [this](NodeId id) { return world_.last_beat(checker_.owners[id]); };
    }

    Ports open(Owner owner, core::NodeId id, const NodeClock& clock) override {
        checker_.owners[id] = owner;
        auto& session = sessions_[owner];
        session = std::make_unique<Session>(
            Caller{.model = model_, .owner = owner, .node = id, .clock = clock});
        return {session->claims, session->plans, session->nodes};
    }
    void close(Owner owner) override { sessions_.erase(owner); }

    base::Result<std::vector<store::Enqueued>> enqueue(
        std::span<const core::JobSpec> specs) override {
        return jobs_.enqueue(specs);
    }
    base::Result<store::Verdict> apply(core::Operation operation, core::JobId id) override {
        return jobs_.apply(operation, id);
    }

    std::optional<Parent> parent_of(core::JobId child) override {
        const JobRow* const job = model_.jobs.committed(child);
        const bool has_parent = job != nullptr && job->parent;
        const PlanRow* const plan = has_parent ? model_.plans.committed(*job->parent) : nullptr;
        return plan ? std::optional(Parent{*job->parent, plan->recurrence}) : std::nullopt;
    }
    bool is_expelled(Owner owner) override { return sessions_.at(owner)->claims.is_expelled(); }
    bool is_inside(Owner owner) override {
        for (const Transaction* const open : model_.engine.open) {
            if (open->owner == owner) {
                return true;
            }
        }
        return false;
    }

    void fail(const Rates& rates) override { model_.rates = rates; }
    void away_until(Time when) override { model_.away_until = when; }

    std::string unfinished() override {
        std::string found;
        model_.jobs.each([&](const JobId& id, const JobRow&) {
            const auto status = model_.status(id);
            if (found.empty() && !core::is_final(*status)) {
                found = world_.witness.name_of(id) + " is " + std::string(core::name(*status));
            }
        });
        return found;
    }

    std::vector<Wish> left_aside() override {
        std::vector<Wish> wishes;
        model_.jobs.each([&](const JobId& id, const JobRow& row) {
            const core::Status status = *model_.status(id);
            if (status == core::Status::Paused) {
                wishes.push_back({core::Operation::Resume, id});
            } else if (!row.enabled && !core::is_final(status)) {
                wishes.push_back({core::Operation::Enable, id});
            }
        });
        return wishes;
    }

    std::optional<Time> quiet_until() override {
        std::optional<Instant> next;
        bool busy = !model_.engine.open.empty();
        model_.ready.each([&](const JobId&, const ReadyRow&) { busy = true; });
        model_.running.each([&](const Token&, const RunningRow&) { busy = true; });
        const auto note = [&](const std::optional<Instant>& when) {
            if (when && (!next || *when < *next)) {
                next = when;
            }
        };
        model_.parked.each([&](const JobId&, const ParkedRow& row) { note(row.until); });
        model_.plans.each([&](const JobId&, const PlanRow& row) { note(row.next_due); });
        return next && !busy ? std::optional(*next - kStart) : std::nullopt;
    }

    void check_late() override {
        model_.plans.each([&](const JobId& id, const PlanRow& row) {
            if (row.next_due && *row.next_due + kTooLate < model_.now()) {
                world_.witness.violated("I9", "the next occurrence of " +
                                                  world_.witness.name_of(id) +
                                                  " lies in the past and is not planned");
            }
        });
    }
    void check_end() override { checker_.at_the_end(); }

private:
    struct Session {
        explicit Session(const Caller& caller) : claims(caller), plans(caller), nodes(caller) {}
        ModelClaims claims;
        ModelPlans plans;
        ModelNodes nodes;
    };

    World& world_;
    Model model_;
    Checker checker_;
    NodeClock clock_;
    ModelJobs jobs_;
    std::map<Owner, std::unique_ptr<Session>> sessions_;
};

}  // namespace

std::unique_ptr<Backend> make_model(World& world, Bug bug) {
    return std::make_unique<ModelBackend>(world, bug);
}

}  // namespace jobhost::simulation
