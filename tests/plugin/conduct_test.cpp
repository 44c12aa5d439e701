#include "plugin/conduct.hpp"

#include <algorithm>
#include <pthread.h>
#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log_file.hpp"
#include "plugin/crossing.hpp"

namespace jobhost::plugin {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Conduct, NamesThePlugin) {
    EXPECT_EQ(Conduct("acme.mail", "1.2.0").name(), "plugin `acme.mail` 1.2.0");
}

TEST(Conduct, CountsAndLogsABrokenRule) {
    const LogFile log;
    Conduct conduct("acme.mail", "1.2.0");
    conduct.broke_rule("called progress too late", "job-1");
    EXPECT_EQ(conduct.broken_rules(), 1);
    EXPECT_THAT(log.text(),
                AllOf(HasSubstr("plugin `acme.mail` 1.2.0 misbehaves: it called progress too late"),
                      HasSubstr(R"("plugin":"acme.mail")"), HasSubstr(R"("job_id":"job-1")")));
}

TEST(Conduct, CountsAllOfAFloodAndLogsTheBeginning) {
    const LogFile log;
    Conduct conduct("acme.mail", "1.2.0");
    for (int i = 0; i < 10'000; ++i) {
        conduct.broke_rule("called progress too late");
    }
    EXPECT_EQ(conduct.broken_rules(), 10'000);
    const auto text = log.text();
    EXPECT_LT(std::ranges::count(text, '\n'), 2000);
}

TEST(Conduct, WritesThePluginsOwnFields) {
    const LogFile log;
    Conduct conduct("acme.mail", "1.2.0");
    conduct.say(base::LogLevel::Info, "sent", R"({"to":"anna","bytes":17})", "job-1");
    EXPECT_THAT(log.text(), AllOf(HasSubstr(R"("msg":"sent")"), HasSubstr(R"("to":"anna")"),
                                  HasSubstr(R"("bytes":"17")"), HasSubstr(R"("job_id":"job-1")")));
}

TEST(Conduct, WritesFieldsThatAreNoObjectAsTheyAre) {
    const LogFile log;
    Conduct conduct("acme.mail", "1.2.0");
    conduct.say(base::LogLevel::Info, "sent", "{nope", "");
    EXPECT_THAT(log.text(), AllOf(HasSubstr(R"("fields":"{nope")"), Not(HasSubstr("job_id"))));
}

TEST(Conduct, KeepsQuietBelowTheLevelOfTheLog) {
    const LogFile log;
    Conduct conduct("acme.mail", "1.2.0");
    conduct.say(base::LogLevel::Debug, "sent", "", "");
    EXPECT_EQ(log.text(), "");
}

TEST(Crossing, HandsOnWhatIsReturned) {
    Conduct conduct("acme.mail", "1.2.0");
    EXPECT_EQ(cross(conduct, nullptr, [] { return 7; }), 7);
    EXPECT_EQ(conduct.broken_rules(), 0);
}

TEST(Crossing, KeepsAnExceptionFromCrossing) {
    const LogFile log;
    Conduct conduct("acme.mail", "1.2.0");
    std::string thrown;
    const auto returned = cross(conduct, &thrown, []() -> int { throw std::runtime_error("no"); });
    EXPECT_EQ(returned, std::nullopt);
    EXPECT_EQ(thrown, "no");
    EXPECT_EQ(conduct.broken_rules(), 1);
}

TEST(Crossing, KeepsAnExceptionOfAnotherKindFromCrossing) {
    const LogFile log;
    Conduct conduct("acme.mail", "1.2.0");
    std::string thrown;
    cross(conduct, &thrown, []() -> int { throw 42; });
    EXPECT_EQ(thrown, "an exception of an unknown type");
}

TEST(CrossingDeathTest, NamesThePluginThatEndsAThreadOfTheHost) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            Conduct conduct("acme.mail", "1.2.0");
            std::thread([&] {
                cross(conduct, nullptr, []() -> int { ::pthread_exit(nullptr); });
            }).join();
        },
        "plugin `acme.mail` 1.2.0 ends a thread of the host");
}

}  // namespace
}  // namespace jobhost::plugin
