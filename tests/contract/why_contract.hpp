#pragma once

#include <random>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "contract/plan_contract.hpp"
#include "core/why.hpp"

namespace jobhost::contract {

inline constexpr core::Instant kAll = core::Instant::max();

inline std::vector<std::string_view> failing_terms(const core::Explanation& answer) {
    std::vector<std::string_view> names;
    for (const core::Term& term : answer.terms) {
        if (!term.pass) {
            names.push_back(term.name);
        }
    }
    return names;
}

inline core::JobFacts job_facts(store::JobStore& jobs, JobId id) {
    const auto facts = jobs.why(id, kAll, 10);
    EXPECT_TRUE(facts);
    return std::get<core::JobFacts>(*facts);
}

inline core::PlanFacts plan_facts(store::JobStore& jobs, JobId id, core::Instant until = kAll) {
    const auto facts = jobs.why(id, until, 10);
    EXPECT_TRUE(facts);
    return std::get<core::PlanFacts>(*facts);
}

/// What is said of a job is held against what a claim does that follows at once.
class WhyContract : public PlanContract {
protected:
    core::Explanation why(JobId id) { return core::explain(job_facts(jobs(), id)); }

    JobId enqueue_until(core::Instant end_time) {
        core::JobSpec spec = JobBuilder().spec();
        spec.end_time = end_time;
        const auto enqueued = jobs().enqueue({&spec, 1});
        EXPECT_TRUE(enqueued && !enqueued->front().refused);
        return enqueued->front().id;
    }

    std::set<JobId> claimable() {
        std::set<JobId> ids;
        std::vector<Token> tokens;
        for (const ClaimedJob& job : claim()) {
            ids.insert(job.id);
            tokens.push_back(job.token);
        }
        EXPECT_TRUE(claims().hand_back(tokens));
        return ids;
    }

    /// Asks, then lets a claim answer.
    std::string_view verdict(JobId id) {
        const core::Explanation answer = why(id);
        EXPECT_EQ(claimable().contains(id), failing_terms(answer).empty()) << answer.sentence;
        return answer.verdict;
    }
};

/// Jobs to which anything may happen at any time.
class WhyWalk : public WhyContract {
protected:
    template <typename Value>
    Value any(std::vector<Value> of) {
        return of[random_() % of.size()];
    }

    JobId new_job() {
        if (random_() % 5 == 0) {
            return enqueue_until(clock_.now() + 2s);
        }
        return enqueue(any<JobBuilder>({JobBuilder(), JobBuilder().max_tries(2),
                                        JobBuilder().begin_time(clock_.now() + 3s),
                                        JobBuilder().label("gpu", "yes")}));
    }

    void ask() {
        apply(any<core::Operation>({core::Operation::Start, core::Operation::Pause,
                                    core::Operation::Resume, core::Operation::Stop,
                                    core::Operation::Cancel, core::Operation::Enable,
                                    core::Operation::Disable}),
              any(jobs_));
    }

    void take() {
        for (const ClaimedJob& job : claim(1)) {
            held_.push_back(job);
        }
    }

    void go_on() {
        if (held_.empty()) {
            return;
        }
        const ClaimedJob job = held_.back();
        if (!begun_.contains(job.token)) {
            if (random_() % 3 == 0) {
                held_.pop_back();
                EXPECT_TRUE(claims().hand_back({&job.token, 1}));
                return;
            }
            begun_.insert(job.token);
            start(job);
            return;
        }
        held_.pop_back();
        settle(any<Settlement>({succeeded(job), failed(job, 2s), snoozed(job, 2s), gave_up(job)}));
    }

    void step() {
        switch (random_() % 8) {
            case 0:
                jobs_[random_() % jobs_.size()] = new_job();
                return;
            case 1:
                clock_.advance(1s);
                return;
            case 2:
                publish(
                    any<std::vector<std::string>>({{"test.job"}, {"test.job"}, {"test.other"}}));
                return;
            case 3:
                take();
                return;
            case 4:
            case 5:
                go_on();
                return;
            default:
                ask();
        }
    }

    std::mt19937 random_{20260301};
    std::vector<JobId> jobs_;
    std::vector<ClaimedJob> held_;
    std::set<Token> begun_;
};

}  // namespace jobhost::contract
