#include "support/fake_runner.hpp"

#include <thread>

#include <gtest/gtest.h>

// The fake of the tests of `run`: a fake that lies would make those worthless.

namespace jobhost::support {
namespace {

using core::Token;

class Collector final : public core::Sink {
public:
    void complete(Token token, core::Outcome outcome) override {
        const std::scoped_lock lock(mutex_);
        ends_.emplace_back(token, core::kind_of(outcome));
    }
    void output(Token, core::Stream, std::span<const std::byte>) override {}
    void progress(Token, std::optional<int>, std::string_view) override {}
    [[nodiscard]] core::CancelReason cancel_reason(Token) const override {
        return core::CancelReason::None;
    }

    [[nodiscard]] std::vector<std::pair<Token, core::AttemptOutcome>> ends() const {
        const std::scoped_lock lock(mutex_);
        return ends_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::pair<Token, core::AttemptOutcome>> ends_;
};

core::Attempt attempt(std::int64_t token) {
    core::Attempt attempt;
    attempt.token = Token{token};
    return attempt;
}

core::Outcome success() { return {.end = core::Succeeded{}, .result_json = {}}; }

TEST(FakeRunner, AnAttemptEndsWhenTheTestSaysSo) {
    FakeRunner runner("test.job");
    Collector sink;
    runner.start(attempt(1), sink);
    EXPECT_TRUE(runner.wait_started(1));
    EXPECT_TRUE(sink.ends().empty());
    EXPECT_TRUE(runner.end(Token{1}, success()));
    EXPECT_FALSE(runner.end(Token{1}, success()));
    EXPECT_EQ(sink.ends().size(), 1U);
}

TEST(FakeRunner, ABlockingOneKeepsItsThread) {
    FakeRunner runner("test.job", true);
    Collector sink;
    {
        const std::jthread worker([&] { runner.start(attempt(1), sink); });
        EXPECT_TRUE(runner.wait_started(1));
        EXPECT_EQ(runner.open(), 1U);
        EXPECT_TRUE(runner.end(Token{1}, success()));
    }
    EXPECT_EQ(runner.open(), 0U);
}

TEST(FakeRunner, AScriptAnswersAtOnce) {
    FakeRunner runner("test.job", true);
    Collector sink;
    runner.script([](const core::Attempt&) { return success(); });
    runner.start(attempt(7), sink);
    ASSERT_EQ(sink.ends().size(), 1U);
    EXPECT_EQ(sink.ends()[0].first, Token{7});
}

TEST(FakeRunner, AnObedientOneEndsWhenItIsCancelled) {
    FakeRunner runner("test.job");
    Collector sink;
    runner.start(attempt(1), sink);
    runner.cancel(Token{1}, core::CancelReason::User);
    EXPECT_TRUE(sink.ends().empty());
    runner.obey_cancels();
    runner.cancel(Token{1}, core::CancelReason::Drain);
    ASSERT_EQ(sink.ends().size(), 1U);
    EXPECT_EQ(sink.ends()[0].second, core::AttemptOutcome::Cancelled);
    EXPECT_TRUE(runner.wait_cancels(2));
}

TEST(FakeRunner, ValidateRefusesWhenTold) {
    FakeRunner runner("test.job");
    EXPECT_EQ(runner.validate(attempt(1)), std::nullopt);
    runner.refuse({.type = "bad"});
    EXPECT_EQ(runner.validate(attempt(1))->type, "bad");
}

TEST(FakeRunners, AreFoundByType) {
    FakeRunners runners;
    const auto runner = runners.add(std::make_shared<FakeRunner>("test.job"));
    EXPECT_EQ(runners.find("test.job"), runner);
    EXPECT_EQ(runners.find("other"), nullptr);
    EXPECT_EQ(runners.types()->size(), 1U);
    runners.remove("test.job");
    EXPECT_EQ(runners.find("test.job"), nullptr);
}

}  // namespace
}  // namespace jobhost::support
