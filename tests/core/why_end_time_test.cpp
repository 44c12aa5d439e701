#include <algorithm>
#include <string>
#include <string_view>

#include <gmock/gmock.h>

#include "core/why.hpp"
#include "core/why_facts.hpp"

namespace jobhost::core {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kNoMore =
    "no attempt begins any more, and the host that takes it stops it with the reason expired.";

TEST(WhyEndTime, WhatIsReadyTooLateIsTakenAndStopped) {
    JobFacts job = ready_job();
    job.end_time = kNow;
    EXPECT_EQ(explain(job).sentence, explain(ready_job()).sentence) << "at that very instant";

    job.end_time = kNow - 1ms;
    const Explanation late = explain(job);
    EXPECT_EQ(late.verdict, "ready");
    EXPECT_TRUE(std::ranges::all_of(late.terms, &Term::pass));
    EXPECT_EQ(late.sentence,
              "It is ready: a host takes it as soon as its turn comes. Its end time, "
              "2026-03-01T11:59:59.999Z, has passed: " +
                  std::string(kNoMore));
}

TEST(WhyEndTime, WhatWaitsBeyondItsEndTimeIsToldSo) {
    JobFacts job = ready_job();
    job.end_time = kNow + 1h;
    job.in_queue = false;
    job.due = kNow + 1h;
    EXPECT_THAT(explain(job).sentence, Not(HasSubstr("end time")));
    job.due = kNow + 2h;
    EXPECT_EQ(explain(job).sentence,
              "It waits until 2026-03-01T14:00:00.000Z: its time has not come. By then its end "
              "time, 2026-03-01T13:00:00.000Z, has passed: " +
                  std::string(kNoMore));
}

TEST(WhyEndTime, WhatHasBegunOrIsOverIsNeverTooLate) {
    JobFacts job = ready_job();
    job.end_time = kNow - 1h;
    job.holder = HolderFacts{.node = NodeId::make(kNow), .node_name = "node-1", .token = {7}};
    EXPECT_THAT(explain(job).sentence, HasSubstr("end time"));
    job.holder->started_at = kNow - 2h;
    EXPECT_THAT(explain(job).sentence, Not(HasSubstr("end time")));
    job.holder.reset();
    for (const Status over : {Status::Stopped, Status::Completed}) {
        job.status = over;
        EXPECT_THAT(explain(job).sentence, Not(HasSubstr("end time")));
    }
    job.status = Status::Paused;
    EXPECT_THAT(explain(job).sentence, HasSubstr("end time"));
}

}  // namespace
}  // namespace jobhost::core
