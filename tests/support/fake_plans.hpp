#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/plan_store.hpp"

namespace jobhost::support {

/// A plan store that gives what it was told to give and keeps what was decided; fails on demand.
class FakePlans final : public store::PlanStore {
public:
    base::Result<store::DuePlans> due(core::Instant now, int limit) override {
        asked.push_back(now);
        if (failure) {
            return *failure;
        }
        store::DuePlans page = next;
        if (static_cast<int>(page.plans.size()) > limit) {
            page.plans.resize(static_cast<std::size_t>(limit));
        }
        return page;
    }

    /// Carries out what it can: the plans that are due become those that were decided.
    base::Result<std::vector<store::Advanced>> advance(
        std::span<const store::Advance> decided) override {
        if (advance_failure) {
            return *advance_failure;
        }
        std::vector<store::Advanced> answers;
        for (const store::Advance& advance : decided) {
            advances.push_back(advance);
            std::erase_if(next.plans, [&](const auto& plan) { return plan.id == advance.id; });
            store::Advanced answer{.is_applied = applies};
            for (std::size_t i = 0; i < advance.step.firings.size(); ++i) {
                answer.children.push_back({core::JobId::make({}), "test.job"});
            }
            answers.push_back(std::move(answer));
        }
        return answers;
    }

    /// Makes all, unless it was told what to answer.
    base::Result<store::Backfilled> backfill(const store::BackfillOrder& order) override {
        backfills.push_back(order);
        if (failure) {
            return *failure;
        }
        if (!backfill_answer) {
            store::Backfilled all{.is_known = true,
                                  .missing = static_cast<int>(order.nominals.size())};
            for (std::size_t i = 0; i < order.nominals.size() && !order.is_dry_run; ++i) {
                all.children.push_back({core::JobId::make(order.nominals[i]), "test.job"});
            }
            return all;
        }
        return *backfill_answer;
    }

    base::Result<int> rewind(core::Instant now) override {
        rewinds.push_back(now);
        if (failure) {
            return *failure;
        }
        return 0;
    }

    base::Result<std::vector<store::NotRunRow>> not_run(core::JobId, core::Instant, int) override {
        return records;
    }

    store::DuePlans next;
    std::vector<store::NotRunRow> records;
    bool applies = true;
    std::optional<base::Error> failure;
    std::optional<base::Error> advance_failure;

    std::vector<core::Instant> asked;
    std::vector<core::Instant> rewinds;
    std::vector<store::Advance> advances;
    std::vector<store::BackfillOrder> backfills;
    std::optional<store::Backfilled> backfill_answer;  ///< nothing: all are made
};

}  // namespace jobhost::support
