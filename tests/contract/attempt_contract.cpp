#include <gmock/gmock.h>

#include "contract/store_contract.hpp"

namespace jobhost::contract {

using store::AttemptUpdate;
using store::Output;
using store::OutputChunk;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

Output output_of(const std::string& head, const std::string& tail = {}, std::uint64_t dropped = 0) {
    Output output;
    output.head.push_back({core::Stream::Out, head});
    output.dropped_bytes = dropped;
    if (!tail.empty()) {
        output.tail.push_back({core::Stream::Err, tail});
    }
    return output;
}

AttemptUpdate update_of(const ClaimedJob& job, std::optional<Output> output) {
    return {.job = job.id,
            .token = job.token,
            .progress = std::nullopt,
            .note = {},
            .output = std::move(output)};
}

}  // namespace

TEST_P(StoreContract, TheRunLogIsOldestFirstAndTheRunningAttemptLast) {
    const JobId id = enqueue({});
    const ClaimedJob first = run_one();
    clock_.advance(1s);
    settle(failed(first, 0s));
    const ClaimedJob second = run_one();

    const auto log = attempts(id);

    ASSERT_THAT(log, SizeIs(2));
    EXPECT_EQ(log[0].token, first.token);
    EXPECT_EQ(log[0].number, 1);
    EXPECT_EQ(log[0].node, "node-1");
    EXPECT_EQ(log[0].outcome, core::AttemptOutcome::Failed);
    EXPECT_EQ(log[0].ended_at, clock_.now());
    EXPECT_EQ(log[1].token, second.token);
    EXPECT_EQ(log[1].number, 2);
    EXPECT_EQ(log[1].node, "node-1");
    EXPECT_FALSE(log[1].outcome);
    EXPECT_EQ(log[1].started_at, clock_.now());
    EXPECT_FALSE(log[1].ended_at);
}

TEST_P(StoreContract, AFailureIsKeptWithAllThatWasSaid) {
    const JobId id = enqueue({});
    Settlement end = failed(run_one());
    end.failure = core::Failure{.category = core::ErrorCategory::Network,
                                .hint = core::RetryHint::Retryable,
                                .retry_after = 30s,
                                .type = "http.status",
                                .code = -503,
                                .message = "the other side \"broke\"\nbadly",
                                .details_json = R"({"a":1})"};
    end.result_json = R"({"partial":true})";
    settle(end);

    const auto log = attempts(id);

    ASSERT_THAT(log, SizeIs(1));
    EXPECT_EQ(log[0].failure, end.failure);
    EXPECT_EQ(log[0].result_json, end.result_json);
    EXPECT_EQ(find(id).last_error, end.failure->message);
    EXPECT_EQ(find(id).result_json, "");
}

TEST_P(StoreContract, TheLastErrorStaysAfterASuccess) {
    const JobId id = enqueue({});
    settle(failed(run_one(), 0s));
    settle(succeeded(run_one()));

    EXPECT_EQ(find(id).last_error, "it broke");
    EXPECT_EQ(attempts(id)[1].failure, std::nullopt);
}

TEST_P(StoreContract, TheRunLogIsReadInPages) {
    const JobId id = enqueue({});
    for (int i = 0; i < 5; ++i) {
        settle(failed(run_one(), 0s));
    }
    run_one();
    const auto numbers = [&](int after, int limit) {
        std::vector<int> found;
        const auto log = jobs().attempts(id, after, limit);
        for (const auto& row : *log) {
            found.push_back(row.number);
        }
        return found;
    };

    EXPECT_THAT(numbers(0, 3), ElementsAre(1, 2, 3));
    EXPECT_THAT(numbers(3, 3), ElementsAre(4, 5, 6));
    EXPECT_THAT(numbers(3, 2), ElementsAre(4, 5));
    EXPECT_THAT(numbers(6, 3), IsEmpty());
    EXPECT_THAT(numbers(0, 0), IsEmpty());
}

TEST_P(StoreContract, AnUnknownJobHasNoRunLogAndNoOutput) {
    const auto id = core::JobId::make(clock_.now());

    const auto log = jobs().attempts(id, 0, 10);
    const auto output = jobs().output(id, 0);

    ASSERT_FALSE(log);
    EXPECT_EQ(log.error().kind, base::ErrorKind::NotFound);
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().kind, base::ErrorKind::NotFound);
}

TEST_P(StoreContract, AJobThatNeverRanHasNoOutput) {
    const JobId id = enqueue({});

    EXPECT_EQ(jobs().output(id, 0).error().kind, base::ErrorKind::NotFound);
    EXPECT_EQ(jobs().output(id, 1).error().kind, base::ErrorKind::NotFound);
}

TEST_P(StoreContract, AnAttemptThatPrintedNothingHasEmptyOutput) {
    const JobId id = enqueue({});
    settle(succeeded(run_one()));

    const auto output = jobs().output(id, 1);

    ASSERT_TRUE(output);
    EXPECT_EQ(output->number, 1);
    EXPECT_FALSE(output->running);
    EXPECT_THAT(output->output.head, IsEmpty());
}

TEST_P(StoreContract, OutputOfARunningAttemptGrows) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    for (const std::string text : {"one", "one two"}) {
        const AttemptUpdate update = update_of(job, output_of(text));
        ASSERT_TRUE(claims().update({&update, 1}));

        const auto output = jobs().output(id, 0);

        ASSERT_TRUE(output);
        EXPECT_TRUE(output->running);
        EXPECT_EQ(output->number, 1);
        ASSERT_THAT(output->output.head, SizeIs(1));
        EXPECT_EQ(output->output.head[0].bytes, text);
    }
}

TEST_P(StoreContract, OutputKeepsItsBytesItsOrderAndItsGap) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    Output output;
    output.head = {{core::Stream::Out, std::string("\0\xff binary", 9)},
                   {core::Stream::Err, ""},
                   {core::Stream::Out, std::string(300'000, 'x')}};
    output.dropped_bytes = 1ull << 40;
    output.tail = {{core::Stream::Err, "last words"}};
    Settlement end = succeeded(job);
    end.output = output;
    settle(end);

    const auto kept = jobs().output(id, 1);

    ASSERT_TRUE(kept);
    ASSERT_THAT(kept->output.head, SizeIs(3));
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(kept->output.head[i].stream, output.head[i].stream);
        EXPECT_EQ(kept->output.head[i].bytes, output.head[i].bytes);
    }
    EXPECT_EQ(kept->output.dropped_bytes, output.dropped_bytes);
    ASSERT_THAT(kept->output.tail, SizeIs(1));
    EXPECT_EQ(kept->output.tail[0].bytes, "last words");
}

TEST_P(StoreContract, TheTailMovesWhileTheHeadStays) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    for (const std::string tail : {"end 1", "end 2"}) {
        const AttemptUpdate update = update_of(job, output_of("head", tail, tail.size()));
        ASSERT_TRUE(claims().update({&update, 1}));
    }

    const auto kept = jobs().output(id, 0);

    EXPECT_EQ(kept->output.head.at(0).bytes, "head");
    EXPECT_EQ(kept->output.tail.at(0).bytes, "end 2");
    EXPECT_EQ(kept->output.dropped_bytes, 5u);
}

TEST_P(StoreContract, ASettlementWithoutOutputKeepsWhatWasWritten) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    const AttemptUpdate update = update_of(job, output_of("kept"));
    ASSERT_TRUE(claims().update({&update, 1}));

    settle(succeeded(job));

    const auto output = jobs().output(id, 0);
    EXPECT_FALSE(output->running);
    EXPECT_EQ(output->output.head.at(0).bytes, "kept");
}

TEST_P(StoreContract, EachAttemptHasItsOwnOutput) {
    const JobId id = enqueue({});
    for (const std::string text : {"first", "second"}) {
        Settlement end = failed(run_one(), 0s);
        end.output = output_of(text);
        settle(end);
    }

    EXPECT_EQ(jobs().output(id, 1)->output.head.at(0).bytes, "first");
    EXPECT_EQ(jobs().output(id, 2)->output.head.at(0).bytes, "second");
    EXPECT_EQ(jobs().output(id, 0)->number, 2);
    EXPECT_EQ(jobs().output(id, 3).error().kind, base::ErrorKind::NotFound);
}

TEST_P(StoreContract, UpdatesWithAStaleTokenAreIgnored) {
    const JobId id = enqueue({});
    const ClaimedJob first = run_one();
    Settlement end = failed(first, 0s);
    end.output = output_of("true");
    settle(end);
    const ClaimedJob second = run_one();
    AttemptUpdate stale = update_of(first, output_of("false"));
    stale.progress = 5;
    AttemptUpdate foreign = update_of(second, output_of("false"));
    foreign.job = core::JobId::make(clock_.now());

    ASSERT_TRUE(claims().update(std::vector{stale, foreign}));

    EXPECT_EQ(jobs().output(id, 1)->output.head.at(0).bytes, "true");
    EXPECT_THAT(jobs().output(id, 2)->output.head, IsEmpty());
    EXPECT_FALSE(find(id).progress);
}

TEST_P(StoreContract, ProgressIsShownWhileTheAttemptRuns) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    AttemptUpdate update = update_of(job, std::nullopt);
    update.progress = 2'500;
    update.note = "a quarter";
    ASSERT_TRUE(claims().update({&update, 1}));

    EXPECT_EQ(find(id).progress, 2'500);
    EXPECT_EQ(find(id).progress_note, "a quarter");

    settle(failed(job));
    EXPECT_FALSE(find(id).progress);
    EXPECT_EQ(find(id).progress_note, "");
}

}  // namespace jobhost::contract
