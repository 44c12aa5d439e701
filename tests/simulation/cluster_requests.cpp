// What somebody asks for.

#include <algorithm>
#include <utility>

#include "simulation/cluster.hpp"
#include "support/job_builder.hpp"

namespace jobhost::simulation {

using namespace std::chrono_literals;

const std::vector<Cluster::Operation>& Cluster::operations() {
    static const std::vector<Operation> all{
        {50, &Cluster::enqueue},
        {10, &Cluster::add_recurring},
        {20, asking(core::Operation::Cancel)},
        {8, asking(core::Operation::Pause)},
        {8, asking(core::Operation::Resume)},
        {6, asking(core::Operation::Stop)},
        {6, asking(core::Operation::Start)},
        {6, asking(core::Operation::Trigger)},
        {6, asking(core::Operation::Disable)},
        {6, asking(core::Operation::Enable)},
        {6, asking(core::Operation::Delete)},
    };
    return all;
}

void Cluster::ask_something() { dice_.one_by_weight(operations()).ask(*this); }

core::JobSpec Cluster::any_spec() {
    support::JobBuilder job;
    job.type(dice_.one_of<std::string>({"works", "waits", "alone"}))
        .priority(dice_.one_of<core::Priority>({core::Priority::Low, core::Priority::Normal}))
        .max_tries(static_cast<int>(dice_.between(1, 5)));
    if (dice_.in_thousand(400)) {
        job.timeout(Time(dice_.between(500, kLongestTimeout.count())));
    }
    return job.spec();
}

void Cluster::keep(const base::Result<std::vector<store::Enqueued>>& answer) {
    if (!answer) {
        return;
    }
    for (const store::Enqueued& one : *answer) {
        if (!one.refused) {
            known_.push_back(one.id);
            witness_.acknowledged(one.id);
        }
    }
}

void Cluster::enqueue() {
    std::vector<core::JobSpec> specs;
    for (auto left = dice_.between(1, 3); left > 0; --left) {
        specs.push_back(any_spec());
        if (dice_.in_thousand(200)) {
            specs.back().begin_time = kStart + in(0, 20'000);
        }
    }
    keep(backend_->enqueue(specs));
    for (const auto& slot : slots_) {
        if (slot->node && dice_.in_thousand(500)) {
            slot->node->wake_dispatcher();
        }
    }
}

void Cluster::add_recurring() {
    core::JobSpec spec = any_spec();
    core::Recurrence recurrence;
    if (dice_.in_thousand(300)) {
        recurrence.cron = "*/5 * * * * *";
        spec.kind = core::Kind::Period;
    } else {
        recurrence.interval = dice_.one_of<core::Duration>({2s, 7s, 20s});
        spec.kind = core::Kind::Persistent;
    }
    recurrence.misfire = dice_.one_of<core::Misfire>(
        {core::Misfire::RunLatest, core::Misfire::RunAll, core::Misfire::Skip});
    recurrence.misfire_limit = static_cast<int>(dice_.between(1, 4));
    recurrence.overlap =
        dice_.one_of<core::Overlap>({core::Overlap::Skip, core::Overlap::BufferOne,
                                     core::Overlap::CancelOther, core::Overlap::Allow});
    if (recurrence.overlap != core::Overlap::Allow && dice_.in_thousand(300)) {
        recurrence.lock_timeout = 1min;
    }
    recurrence.occurrence_tries = static_cast<int>(dice_.between(1, 3));
    recurrence.jitter = dice_.in_thousand(300) ? 1s : 0s;
    if (dice_.in_thousand(300)) {
        recurrence.catch_up = 1min;
    }
    // Every one of them ends soon, whatever becomes of its children.
    recurrence.end_time = kStart + in(1000, 60'000);
    recurrence.max_count = dice_.in_thousand(500) ? dice_.between(1, 6) : 0;
    spec.recurrence = recurrence;
    keep(backend_->enqueue({&spec, 1}));
    for (const auto& slot : slots_) {
        if (slot->node) {
            slot->node->wake_planner();
        }
    }
}

std::function<void(Cluster&)> Cluster::asking(core::Operation operation) {
    return [operation](Cluster& cluster) {
        if (const auto job = cluster.any_job(operation)) {
            cluster.apply(operation, *job);
        }
    };
}

/// Most wishes are about the newest jobs: they still stand somewhere. What is deleted is over.
std::optional<core::JobId> Cluster::any_job(core::Operation operation) {
    const bool deletes = operation == core::Operation::Delete;
    const auto& jobs =
        !deletes && !children_.empty() && dice_.in_thousand(300) ? children_ : known_;
    if (jobs.empty()) {
        return std::nullopt;
    }
    const std::size_t few = std::min<std::size_t>(jobs.size(), deletes ? jobs.size() : 6);
    return jobs[jobs.size() - 1 - dice_.below(few)];
}

/// What is asked, and what is answered, obey the one table of moves.
void Cluster::apply(core::Operation operation, core::JobId job) {
    const bool adds_a_child = operation == core::Operation::Trigger ||
                              operation == core::Operation::Start ||
                              operation == core::Operation::Resume;
    if (adds_a_child) {
        const auto parent = backend_->parent_of(job);
        meddled_.insert(parent ? parent->id : job);
    }
    const bool was_deleted = witness_.is_deleted(job);
    const auto verdict = backend_->apply(operation, job);
    if (!verdict || !verdict->status) {
        return;
    }
    // A job that is held and has not begun is judged as one that runs.
    const bool allowed = core::allows(*verdict->status, operation) ||
                         (operation == core::Operation::Resume && verdict->accepted());
    if (verdict->accepted() ? !allowed || was_deleted
                            : allowed && verdict->refused->code == "wrong_status") {
        witness_.violated("I6", witness_.name_of(job) + ", which is " +
                                    std::string(core::name(*verdict->status)) +
                                    (verdict->accepted() ? ", took " : ", refused ") +
                                    std::string(core::name(operation)));
    }
    accepted_[operation] += verdict->accepted() ? 1U : 0U;
    if (verdict->made) {
        known_.push_back(*verdict->made);
        witness_.acknowledged(*verdict->made);
    }
}

/// The recurring job that never has two children at once: whose policy it is, unless somebody
/// added one beside those of the plan and nothing but the policy forbids it.
std::optional<core::JobId> Cluster::begins(core::JobId job) {
    const auto parent = backend_->parent_of(job);
    if (!parent) {
        return std::nullopt;
    }
    children_.push_back(job);
    const bool by_lock = parent->recurrence.lock_timeout > core::Duration{0};
    const bool by_policy =
        parent->recurrence.overlap != core::Overlap::Allow && !meddled_.contains(parent->id);
    return by_lock || by_policy ? std::optional(parent->id) : std::nullopt;
}

}  // namespace jobhost::simulation
