#pragma once

#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "contract/plan_contract.hpp"

namespace jobhost::contract {

/// A job whose occurrences have passed.
class BackfillContract : public PlanContract {
protected:
    /// Those of the minutes 1 to 6 were missed, as one record; it is minute 7.
    void miss(core::Recurrence recurrence = {}) {
        arm(std::move(recurrence));
        from_ = due_plan().point.last;
        advance({.last = minute(0)});
        clock_.advance(7min);
        advance({.gaps = {missed(1, 6)}, .last = minute(6)});
    }

    [[nodiscard]] core::Gap missed(int first, int last) const {
        return {core::NotRun::Missed, "misfire", minute(first), minute(last), last - first + 1};
    }

    store::BackfillOrder order_of(int first, int last) {
        store::BackfillOrder order{.id = job_, .version = find(job_).version};
        for (int number = first; number <= last; ++number) {
            order.nominals.push_back(minute(number));
        }
        return order;
    }

    store::Backfilled backfill(int first, int last, bool is_dry_run = false) {
        store::BackfillOrder order = order_of(first, last);
        order.is_dry_run = is_dry_run;
        return carry_out_backfill(order);
    }

    store::Backfilled carry_out_backfill(const store::BackfillOrder& order) {
        auto done = plans().backfill(order);
        EXPECT_TRUE(done);
        return *std::move(done);
    }

    /// Runs all that can run, one after the other; the minutes in their order.
    std::vector<core::Instant> run_all_alone() {
        std::vector<core::Instant> ran;
        for (auto ready = claim(); !ready.empty(); ready = claim()) {
            EXPECT_THAT(ready, testing::SizeIs(1)) << "never two at once";
            start(ready.front());
            ran.push_back(*find(ready.front().id).nominal_at);
            settle(succeeded(ready.front()));
        }
        return ran;
    }
};

}  // namespace jobhost::contract
