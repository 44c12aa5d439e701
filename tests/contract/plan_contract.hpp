#pragma once

#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "contract/store_contract.hpp"

namespace jobhost::contract {

inline JobBuilder every_minute(core::Recurrence recurrence = {}) {
    recurrence.interval = 1min;
    return JobBuilder().name("each minute").recurring(std::move(recurrence));
}

/// A recurring job that begins now and fires every minute.
class PlanContract : public StoreContract {
protected:
    JobId arm(core::Recurrence recurrence = {}) {
        begin_ = clock_.now();
        job_ = enqueue(every_minute(std::move(recurrence)));
        return job_;
    }

    [[nodiscard]] store::PlanStore& plans() { return backend_->database().plans(); }

    core::Instant minute(int number) const { return begin_ + number * 1min; }

    store::DuePlan due_plan() {
        auto due = plans().due(clock_.now(), 10);
        EXPECT_TRUE(due);
        EXPECT_THAT(due->plans, testing::SizeIs(1));
        return due->plans.empty() ? store::DuePlan{} : due->plans.front();
    }

    store::Advanced advance(core::PlanStep step) {
        if (!step.next) {
            step.next = step.last + 1min;
        }
        return carry_out({.id = job_, .from = from_, .step = std::move(step)});
    }

    store::Advanced carry_out(const store::Advance& one) {
        const auto advanced = plans().advance({&one, 1});
        EXPECT_TRUE(advanced);
        if (advanced->front().is_applied) {
            from_ = one.step.last;
        }
        return advanced->front();
    }

    /// The occurrence of that minute becomes due; returns its child, or nothing.
    std::vector<store::Child> fire(int number, bool is_late = false) {
        if (clock_.now() < minute(number)) {
            clock_.advance(minute(number) - clock_.now());
        }
        if (number == 0) {
            from_ = due_plan().point.last;
        }
        return advance({.firings = {{.nominal = minute(number), .is_late = is_late}},
                        .last = minute(number)})
            .children;
    }

    std::vector<core::Gap> gaps() {
        const auto rows = plans().not_run(job_, core::Instant::max(), 100);
        EXPECT_TRUE(rows);
        std::vector<core::Gap> gaps;
        for (const store::NotRunRow& row : *rows) {
            gaps.push_back(row.gap);
        }
        return gaps;
    }

    std::vector<JobId> children() { return ids_of(list({.parent = job_}).jobs); }

    JobId job_;
    core::Instant begin_;
    core::Instant from_;
};

}  // namespace jobhost::contract
