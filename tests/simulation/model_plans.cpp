#include <algorithm>

#include "simulation/model.hpp"

namespace jobhost::simulation {

base::Result<store::DuePlans> ModelPlans::due(Instant now, int limit) {
    return model_.transact(
        caller_.owner, Cause::Advance, caller_.node, [&](Transaction& transaction) {
            const Statement seen = model_.statement(transaction);
            store::DuePlans due;
            const auto armed = model_.plans.select(seen, [&](const JobId&, const PlanRow& row) {
                if (row.next_due && *row.next_due > now) {
                    due.next_due = std::min(due.next_due.value_or(*row.next_due), *row.next_due);
                }
                return row.next_due && *row.next_due <= now;
            });
            for (const auto& [id, row] : armed) {
                if (static_cast<int>(due.plans.size()) == limit) {
                    break;
                }
                due.plans.push_back(
                    {.id = id,
                     .recurrence = row.recurrence,
                     .begin = row.begin,
                     .point = {.last = row.last, .resumed_at = row.resumed_at, .ran = row.ran}});
                if (model_.settings.bug == Bug::PlanFromNow) {
                    due.plans.back().point.last =
                        std::chrono::floor<std::chrono::seconds>(now) - core::Duration{1};
                }
            }
            return due;
        });
}

base::Result<std::vector<store::Advanced>> ModelPlans::advance(
    std::span<const store::Advance> advances) {
    if (model_.settings.bug == Bug::AdvanceApart) {
        if (const auto moved = move_apart(advances); !moved) {
            return moved.error();
        }
    }
    return model_.transact(caller_.owner, Cause::Advance, caller_.node,
                           [&](Transaction& transaction) {
                               lock_plans(transaction, advances);
                               std::vector<store::Advanced> answers;
                               for (const store::Advance& one : advances) {
                                   answers.push_back(advance_one(transaction, one));
                               }
                               return answers;
                           });
}

/// In the order of their ids, so that two of these do not wait for each other.
void ModelPlans::lock_plans(Transaction& transaction, std::span<const store::Advance> advances) {
    const Statement lock = model_.statement(transaction);
    std::set<JobId> sorted;
    for (const store::Advance& one : advances) {
        sorted.insert(one.id);
    }
    for (const JobId id : sorted) {
        model_.plans.lock(lock, id);
    }
}

/// The mistake `AdvanceApart`.
base::Result<base::Unit> ModelPlans::move_apart(std::span<const store::Advance> advances) {
    return model_.transact(caller_.owner, Cause::Advance, caller_.node,
                           [&](Transaction& transaction) {
                               for (const store::Advance& one : advances) {
                                   const Statement lock = model_.statement(transaction);
                                   const PlanRow* const plan = model_.plans.lock(lock, one.id);
                                   if (plan != nullptr && plan->last == one.from) {
                                       PlanRow row = *plan;
                                       row.last = one.step.last;
                                       model_.plans.update(lock, one.id, std::move(row));
                                   }
                               }
                               return base::Unit{};
                           });
}

store::Advanced ModelPlans::advance_one(Transaction& transaction, const store::Advance& advance) {
    PlanRow plan;
    {
        const Statement seen = model_.statement(transaction);
        const PlanRow* const row = model_.plans.read(seen, advance.id);
        const Bug bug = model_.settings.bug;
        const bool does_not_look = bug == Bug::PlanFromNow || bug == Bug::AdvanceApart;
        const bool from_elsewhere = row != nullptr && row->last != advance.from && !does_not_look;
        if (row == nullptr || !row->next_due || from_elsewhere) {
            return {};
        }
        plan = *row;
    }
    store::Advanced result{.is_applied = true};
    if (advance.step.went_back) {
        forget_records(transaction, advance.id, advance.step.last);
    }
    carry_out(transaction, advance, plan, result);
    move_on(transaction, advance, plan, static_cast<std::int64_t>(result.children.size()));
    return result;
}

void ModelPlans::carry_out(Transaction& transaction,
                           const store::Advance& advance,
                           const PlanRow& plan,
                           store::Advanced& result) {
    for (const core::Gap& gap : advance.step.gaps) {
        record(transaction, advance.id, gap);
    }
    for (const core::Firing& firing : advance.step.firings) {
        fire(transaction, advance.id, plan, firing, result);
    }
}

void ModelPlans::move_on(Transaction& transaction,
                         const store::Advance& advance,
                         const PlanRow& plan,
                         std::int64_t born) {
    {
        const Statement write = model_.statement(transaction);
        PlanRow moved = *model_.plans.read(write, advance.id);
        if (moved.last != advance.step.last) {
            moved.resumed_at = std::nullopt;
        }
        moved.last = advance.step.last;
        moved.ran += born;
        const bool used_up = core::is_used_up(plan.recurrence, moved.ran);
        moved.next_due = used_up ? std::nullopt : advance.step.next;
        model_.plans.update(write, advance.id, std::move(moved));
    }
    model_.end_plan_when_over(transaction, advance.id);
}

void ModelPlans::fire(Transaction& transaction,
                      JobId parent,
                      const PlanRow& plan,
                      const core::Firing& firing,
                      store::Advanced& result) {
    const Statement seen = model_.statement(transaction);
    if (model_.occurrences.read(seen, {parent, firing.nominal}) != nullptr) {
        return;
    }
    const auto live = model_.live_children(seen, parent);
    const bool any_waits =
        std::ranges::any_of(live, [](const auto& child) { return child.second.gated; });
    switch (core::start_of(plan.recurrence, firing, !live.empty(), any_waits)) {
        case core::Start::Now:
            bear(transaction, parent, plan, firing, false, result);
            return;
        case core::Start::AfterOthers:
            bear(transaction, parent, plan, firing, true, result);
            return;
        case core::Start::AfterCancellingOthers: {
            for (const auto& [child, row] : live) {
                static_cast<void>(model_.apply(transaction, core::Operation::Cancel, child));
            }
            const Statement after = model_.statement(transaction);
            const bool others = !model_.live_children(after, parent).empty();
            bear(transaction, parent, plan, firing, others, result);
            return;
        }
        case core::Start::NotAtAll:
            ++result.overlapped;
            record(transaction, parent,
                   {.verdict = core::NotRun::Overlapped,
                    .rule = "overlap",
                    .first = firing.nominal,
                    .last = firing.nominal});
            return;
    }
}

void ModelPlans::bear(Transaction& transaction,
                      JobId parent,
                      const PlanRow& plan,
                      const core::Firing& firing,
                      bool gated,
                      store::Advanced& result) {
    const Statement statement = model_.statement(transaction);
    const JobId id = model_.new_id();
    if (model_.bear(statement, {.id = id,
                                .parent = parent,
                                .nominal = firing.nominal,
                                .due = firing.nominal + firing.delay,
                                .max_tries = plan.recurrence.occurrence_tries,
                                .gated = gated})) {
        result.children.push_back({id, model_.jobs.read(statement, id)->type});
    }
}

/// An occurrence that has its child did run, whatever the step says about a row of them.
void ModelPlans::record(Transaction& transaction, JobId parent, core::Gap gap) {
    const Statement statement = model_.statement(transaction);
    const auto ran = model_.occurrences.select(statement, [&](const auto& key, const JobId&) {
        return key.first == parent && key.second >= gap.first && key.second <= gap.last;
    });
    const auto add = [&](const core::Gap& piece) {
        if (piece.first <= piece.last) {
            model_.not_run.insert(statement, {parent, piece.first}, piece);
        }
    };
    for (const auto& [key, child] : ran) {
        core::Gap before = gap;
        before.last = key.second - core::Duration{1};
        add(before);
        gap.first = key.second + core::Duration{1};
    }
    add(gap);
}

void ModelPlans::forget_records(Transaction& transaction, JobId parent, Instant after) {
    const Statement statement = model_.statement(transaction);
    const auto beyond =
        model_.not_run.select(statement, [&](const auto& key, const core::Gap& gap) {
            return key.first == parent && gap.last > after;
        });
    for (const auto& [key, gap] : beyond) {
        model_.not_run.lock(statement, key);
        if (gap.first > after) {
            model_.not_run.erase(statement, key);
        } else {
            core::Gap shorter = gap;
            shorter.last = after;
            model_.not_run.update(statement, key, std::move(shorter));
        }
    }
}

base::Result<int> ModelPlans::rewind(Instant now) {
    return model_.transact(
        caller_.owner, Cause::Rewind, caller_.node, [&](Transaction& transaction) {
            const Statement seen = model_.statement(transaction);
            int rewound = 0;
            const auto ahead = model_.plans.select(seen, [&](const JobId&, const PlanRow& row) {
                return row.next_due && row.last > now + core::kSmallStepBack;
            });
            for (const auto& [id, old] : ahead) {
                const PlanRow* const row = model_.plans.lock(seen, id);
                if (row->next_due && row->last > now + core::kSmallStepBack) {
                    PlanRow again = *row;
                    again.next_due = now;
                    model_.plans.update(seen, id, std::move(again));
                    ++rewound;
                }
            }
            return rewound;
        });
}

base::Result<std::vector<store::NotRunRow>> ModelPlans::not_run(JobId id,
                                                                Instant before,
                                                                int limit) {
    std::vector<store::NotRunRow> rows;
    model_.not_run.each([&](const auto& key, const core::Gap& gap) {
        if (key.first == id && gap.first < before && static_cast<int>(rows.size()) < limit) {
            rows.push_back({.gap = gap, .recorded_at = {}});
        }
    });
    return rows;
}

}  // namespace jobhost::simulation
