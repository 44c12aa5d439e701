#include "run/dispatcher.hpp"

#include <gtest/gtest.h>

#include "support/fake_claims.hpp"
#include "support/fake_runner.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::run {
namespace {

using core::Token;
using std::chrono::milliseconds;
using std::chrono::seconds;
using support::claimed;

class DispatcherTest : public testing::Test {
protected:
    static std::shared_ptr<support::FakeRunner> type(const std::string& id,
                                                     bool blocking = true,
                                                     int most = 0) {
        return std::make_shared<support::FakeRunner>(support::type_named(id, blocking, most));
    }

    /// The request for blocking types of the last turn.
    const store::ClaimRequest& blocking_request() {
        return claims.claims.at(claims.claims.size() - 1);
    }

    Options options{.workers = 4, .max_waiting = 10, .cancel_grace = seconds(5)};
    support::ManualClock clock;
    base::Wake freed;
    Attempts attempts{options, clock, freed};
    support::FakeClaims claims;
    events::Bus bus;
    base::Metrics metrics;
    Settler settler{options, attempts, claims, bus, metrics, clock, {}};
    support::FakeRunners runners;
    std::shared_ptr<support::FakeRunner> runner = runners.add(type("test.run"));
    std::vector<Token> handed;
    Dispatcher dispatcher{
        options, attempts, settler,
        claims,  runners,  [this](const Assignment& given) { handed.push_back(given.token); },
        metrics, clock};
};

TEST_F(DispatcherTest, AsksForAsManyAsThereArePlaces) {
    dispatcher.step();
    ASSERT_EQ(claims.claims.size(), 1U);
    EXPECT_EQ(claims.claims[0].limit, 4);
    ASSERT_EQ(claims.claims[0].types.size(), 1U);
    EXPECT_EQ(claims.claims[0].types[0].type, "test.run");
    attempts.add(claimed(1), runner);
    dispatcher.step();
    EXPECT_EQ(blocking_request().limit, 3);
}

TEST_F(DispatcherTest, AFullHostStillAsksForWishesAndTheTimer) {
    for (std::int64_t token = 1; token <= 4; ++token) {
        attempts.add(claimed(token), runner);
        ASSERT_TRUE(attempts.begin(Token{token}, "node"));
    }
    claims.next.wants = {{Token{2}, core::Want::Cancel}};
    claims.next.next_due = clock.now() + milliseconds(300);
    EXPECT_EQ(dispatcher.step(), clock.steady() + milliseconds(300));
    EXPECT_EQ(claims.claims.at(0).limit, 0);
    EXPECT_TRUE(claims.claims.at(0).types.empty());
    ASSERT_EQ(runner->cancels().size(), 1U);
    EXPECT_EQ(runner->cancels()[0], std::pair(Token{2}, core::CancelReason::User));
}

TEST_F(DispatcherTest, AJobThatIsDueInTheYear9999DoesNotHurryIt) {
    claims.next.next_due = *base::parse_instant("9999-12-31T23:59:59Z");
    EXPECT_EQ(dispatcher.step(), clock.steady() + seconds(1));
}

TEST_F(DispatcherTest, AJobThatIsNotDueForAStoreBehindOurClockIsNotHunted) {
    claims.next.next_due = clock.now() - std::chrono::hours(1);
    EXPECT_EQ(dispatcher.step(), clock.steady() + milliseconds(100));
}

TEST_F(DispatcherTest, AJobThatBecameDueWhileTheStoreAnsweredIsAskedForAtOnce) {
    claims.next.next_due = clock.now();
    EXPECT_EQ(dispatcher.step(), clock.steady());
}

TEST_F(DispatcherTest, ATypeTakesNoMoreThanItsOwnLimit) {
    const auto narrow = runners.add(type("test.narrow", true, 2));
    attempts.add(claimed(1, "test.narrow"), narrow);
    dispatcher.step();
    const auto& types = claims.claims.at(0).types;
    const auto found = std::ranges::find(types, "test.narrow", &store::TypeBudget::type);
    ASSERT_NE(found, types.end());
    EXPECT_EQ(found->most, 1);
    attempts.add(claimed(2, "test.narrow"), narrow);
    dispatcher.step();
    EXPECT_EQ(std::ranges::count(blocking_request().types, std::string("test.narrow"),
                                 &store::TypeBudget::type),
              0);
}

TEST_F(DispatcherTest, RunnersThatDoNotBlockHavePlacesOfTheirOwn) {
    runners.add(type("test.wait", false));
    for (std::int64_t token = 1; token <= 4; ++token) {
        attempts.add(claimed(token), runner);
    }
    dispatcher.step();
    ASSERT_EQ(claims.claims.size(), 2U);
    EXPECT_EQ(claims.claims[1].limit, 10);
    EXPECT_EQ(claims.claims[1].types.at(0).type, "test.wait");
}

TEST_F(DispatcherTest, HandsClaimedJobsToTheWorkers) {
    claims.next.jobs = {claimed(1), claimed(2)};
    dispatcher.step();
    EXPECT_EQ(handed, (std::vector{Token{1}, Token{2}}));
    EXPECT_EQ(attempts.load().blocking, 2);
}

TEST_F(DispatcherTest, AJobWhoseTypeIsGoneIsHandedBack) {
    claims.next.jobs = {claimed(1, "test.gone")};
    dispatcher.step();
    EXPECT_EQ(claims.handed_back, std::vector{Token{1}});
    EXPECT_TRUE(attempts.idle());
}

TEST_F(DispatcherTest, AStoreThatFailsIsAskedAgainAfterAGrowingPause) {
    claims.failure = base::Error{base::ErrorKind::Unavailable, "away", "away"};
    const auto first = dispatcher.step() - clock.steady();
    const auto second = dispatcher.step() - clock.steady();
    EXPECT_GT(first, base::Steady::duration::zero());
    EXPECT_GT(second, first);
}

TEST_F(DispatcherTest, NoNewWorkWhileEndsCannotBeWritten) {
    claims.failure = base::Error{base::ErrorKind::Unavailable, "away", "away"};
    for (std::int64_t token = 1; token <= 1000; ++token) {
        attempts.add(claimed(token), runner);
        ASSERT_TRUE(attempts.begin(Token{token}, "node"));
        attempts.complete(Token{token}, {core::Succeeded{}, {}});
    }
    settler.step();
    claims.failure.reset();
    dispatcher.step();
    EXPECT_EQ(blocking_request().limit, 0);
}

TEST_F(DispatcherTest, ATypeWhoseJobsDoNotBeginLeavesPlacesForTheOthers) {
    options.max_waiting = 2 * kReadAhead;
    const auto hanging = runners.add(type("test.hanging", false));
    runners.add(type("test.wait", false));
    for (std::int64_t token = 1; token <= kReadAhead; ++token) {
        attempts.add(claimed(token, "test.hanging"), hanging);
    }
    dispatcher.step();
    ASSERT_EQ(claims.claims.size(), 2U);
    ASSERT_EQ(claims.claims[1].types.size(), 1U);
    EXPECT_EQ(claims.claims[1].types[0].type, "test.wait");
    EXPECT_EQ(claims.claims[1].types[0].most, kReadAhead);
}

TEST_F(DispatcherTest, ListeningTakesNoJobAndHearsWishes) {
    attempts.add(claimed(1), runner);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    claims.next.wants = {{Token{1}, core::Want::Cancel}};
    EXPECT_EQ(dispatcher.listen(), clock.steady() + seconds(1));
    ASSERT_EQ(claims.claims.size(), 1U);
    EXPECT_EQ(claims.claims[0].limit, 0);
    EXPECT_TRUE(claims.claims[0].types.empty());
    ASSERT_EQ(runner->cancels().size(), 1U);
    EXPECT_EQ(runner->cancels()[0].second, core::CancelReason::User);
}

TEST(Places, TheLimitThatIsReachedFirstCounts) {
    Load load;
    load.blocking = 3;
    load.waiting = 5;
    load.by_type["test.run"].held = 2;
    core::TypeInfo type;
    type.id = "test.run";
    const auto expect = [&](const core::TypeInfo* of, int all, int taken) {
        const core::Places places = places_of({.workers = 8, .max_waiting = 1000}, load, of);
        EXPECT_EQ(places.all, all);
        EXPECT_EQ(places.taken, taken);
    };
    expect(nullptr, 8, 3);
    expect(&type, 8, 3);
    type.max_concurrency = 4;
    expect(&type, 4, 2);
    type.max_concurrency = 6;
    expect(&type, 6, 2);
    type.max_concurrency = 8;
    expect(&type, 8, 3);
    type.blocking = false;
    expect(&type, 8, 2);
    type.max_concurrency = 0;
    expect(&type, 1000, 5);
    type.id = "test.none";
    type.max_concurrency = 1;
    expect(&type, 1, 0);
}

}  // namespace
}  // namespace jobhost::run
