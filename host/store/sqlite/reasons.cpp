#include "store/sqlite/reasons.hpp"

#include <utility>
#include <vector>

#include "store/sqlite/job_reader.hpp"
#include "store/sqlite/lanes.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/plan_row.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/records.hpp"

namespace jobhost::store::sqlite {

namespace {

constexpr int kShownInFront = 10;

/// The holder, unless the database says that the attempt it was noted with is over.
std::optional<core::HolderFacts> holder_of(const Standing& standing, const ClaimView& view) {
    if (!standing.in_ready || !view.held || view.held->attempt != standing.luggage.attempts + 1) {
        return std::nullopt;
    }
    const Held& held = *view.held;
    return core::HolderFacts{.node = view.holder.id,
                             .node_name = view.holder.name,
                             .token = held.token,
                             .attempt = held.attempt,
                             .started_at = held.started_at,
                             .is_dead = held.dead,
                             .want = held.want};
}

/// Jobs in the queue that a claim takes first, unless it gives a turn to a lower rank.
int count_before(Connection& connection, const Standing& standing, const Running& running) {
    const ReadyKey row = standing.ready_key();
    auto rows = connection.query(kReadyBefore, row.lane, row.rank, row.position.due,
                                 row.position.job, core::kMostCountedBefore);
    int before = 0;
    while (rows.next()) {
        const bool runs = running.find(rows.column<JobKey>(0), rows.column<int>(1)) != nullptr;
        before += runs ? 0 : 1;
    }
    return before;
}

std::vector<core::JobId> in_front(Connection& connection, JobKey job) {
    std::vector<core::JobId> ids;
    auto rows = connection.query(kInFront, job, kShownInFront);
    while (rows.next()) {
        ids.push_back(rows.column<core::JobId>(0));
    }
    return ids;
}

std::optional<core::Instant> since(Connection& connection, const Standing& standing) {
    if (standing.status != core::Status::Paused) {
        return standing.ended_at;
    }
    auto row = connection.query(kParkedAt, standing.luggage.job);
    return row.next() ? std::optional(row.column<core::Instant>(0)) : std::nullopt;
}

/// By the lane in which the job stands: what was changed since it was claimed counts later.
void read_lane(Connection& connection, LaneId lane, const ClaimView& view, core::JobFacts& facts) {
    auto row = connection.query(kLane, lane);
    if (!row.next()) {
        return;
    }
    facts.type = row.column<std::string>(0);
    facts.labels = labels_from_text(row.column<std::string>(1));
    if (view.node) {
        facts.nodes = {{.name = view.node->name,
                        .has_type = view.types.contains(facts.type),
                        .labels = view.labels}};
    }
}

core::JobFacts job_facts(Connection& connection,
                         const Standing& standing,
                         const ClaimView& view,
                         const Running& running) {
    const Job job = read_job(connection, standing, running);
    core::JobFacts facts{.now = view.now,
                         .status = job.status,
                         .reason = job.reason,
                         .abandoned = job.abandoned,
                         .since = since(connection, standing),
                         .enabled = job.spec.enabled,
                         .in_queue = standing.in_ready,
                         .due = standing.due ? standing.due : job.spec.begin_time,
                         .end_time = job.spec.end_time,
                         .tries = job.tries,
                         .max_tries = job.spec.max_tries,
                         .attempts = job.attempts,
                         .gated = standing.gated,
                         .holder = holder_of(standing, view)};
    read_lane(connection, standing.luggage.lane, view, facts);
    if (facts.in_queue) {
        facts.before = count_before(connection, standing, running);
    }
    if (facts.gated) {
        facts.in_front = in_front(connection, standing.luggage.job);
    }
    if (job.parent) {
        facts.origin = core::OriginFacts{.parent = *job.parent, .nominal_at = job.nominal_at};
        if (job.nominal_at) {
            facts.origin->late_by = job.created_at - *job.nominal_at;
        }
    }
    return facts;
}

std::vector<core::ChildFacts> children_of(Connection& connection,
                                          JobKey parent,
                                          const Running& running,
                                          core::Instant until,
                                          int limit) {
    std::vector<JobKey> keys;
    {
        auto rows = connection.query(kOccurrencesUpTo, parent, until, limit);
        while (rows.next()) {
            keys.push_back(rows.column<JobKey>(0));
        }
    }
    std::vector<core::ChildFacts> children;
    for (const JobKey key : keys) {
        if (const auto standing = standing_of(connection, key)) {
            const Job job = read_job(connection, *standing, running);
            children.push_back({.id = job.id,
                                .nominal = job.nominal_at.value_or(until),
                                .status = job.status,
                                .reason = job.reason,
                                .attempts = job.attempts,
                                .gated = standing->gated});
        }
    }
    return children;
}

/// Nothing is planned for later than that: a bound that has a successor.
core::Instant after(core::Instant until) {
    return until == core::Instant::max() ? until : until + core::Duration{1};
}

core::PlanFacts plan_facts(Connection& connection,
                           JobKey job,
                           const ClaimView& view,
                           const Running& running,
                           core::Instant until,
                           int limit) {
    core::PlanFacts facts{.now = view.now};
    const auto plan = read_plan(connection, job);
    const auto order = order_of(connection, job);
    if (!plan || !order) {
        return facts;
    }
    facts.status = plan->status;
    facts.reason = plan->reason;
    facts.abandoned = plan->abandoned;
    facts.since = plan->changed_at;
    facts.enabled = order->enabled;
    facts.next_due = plan->next_due;
    facts.point = plan->point;
    facts.recurrence = plan->recurrence;
    facts.begin = order->begin_time.value_or(order->created_at);
    facts.children = children_of(connection, job, running, until, limit);
    for (NotRunRow& row : not_run(connection, job, after(until), limit)) {
        facts.gaps.push_back(std::move(row.gap));
    }
    return facts;
}

}  // namespace

ClaimView claim_view(const Live& live, Epoch epoch, std::optional<JobKey> job, core::Instant now) {
    ClaimView view{
        .now = now, .types = live.frontier().types(), .labels = live.frontier().labels()};
    if (const KnownNode* const node = live.node_of(epoch.token(0))) {
        view.node = *node;
    }
    const Held* const held = job ? live.find(*job) : nullptr;
    if (held != nullptr) {
        view.held = *held;
        view.holder = *live.node_of(held->token);
    }
    return view;
}

core::WhyFacts read_reasons(Connection& connection,
                            const Standing& standing,
                            const ClaimView& view,
                            const Running& running,
                            core::Instant until,
                            int limit) {
    if (standing.recurs) {
        return plan_facts(connection, standing.luggage.job, view, running, until, limit);
    }
    return job_facts(connection, standing, view, running);
}

}  // namespace jobhost::store::sqlite
