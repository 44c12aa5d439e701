#include "verdict.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace jobhost::shell {
namespace {

RunReport exited(int code) {
    RunReport report;
    report.exit_code = code;
    return report;
}

RunReport ended_by(int signal) {
    RunReport report;
    report.signal = signal;
    return report;
}

TEST(Verdict, ZeroIsSuccess) { EXPECT_FALSE(fault_of(exited(0), {})); }

TEST(Verdict, AnyOtherCodeIsAFailureOfTheCommand) {
    for (const int code : {1, 2, 63, 74, 128, 255}) {
        const auto fault = fault_of(exited(code), {});
        ASSERT_TRUE(fault);
        EXPECT_EQ(fault->type, "shell.exit");
        EXPECT_EQ(fault->code, code);
        EXPECT_EQ(fault->category, Category::Application) << code;
        EXPECT_EQ(fault->retry, Retry::HostDecides) << code;
        EXPECT_EQ(fault->message, "the command exited with code " + std::to_string(code));
    }
}

TEST(Verdict, CodesWithAConventionFollowIt) {
    const std::tuple<int, Category, Retry> cases[] = {
        {64, Category::Business, Retry::Useless},    {65, Category::Business, Retry::Useless},
        {69, Category::Network, Retry::Worthwhile},  {75, Category::System, Retry::Worthwhile},
        {78, Category::Application, Retry::Useless}, {126, Category::Application, Retry::Useless},
        {127, Category::Application, Retry::Useless}};
    for (const auto& [code, category, retry] : cases) {
        const auto fault = fault_of(exited(code), {});
        ASSERT_TRUE(fault);
        EXPECT_EQ(fault->category, category) << code;
        EXPECT_EQ(fault->retry, retry) << code;
        EXPECT_NE(fault->message.find(": "), std::string::npos);
    }
}

TEST(Verdict, TheRulesOfTheJobCountMore) {
    const ExitCodeRules rules{{1, 75}, {2, 127}, {3, 69}};
    EXPECT_FALSE(fault_of(exited(1), rules));
    EXPECT_FALSE(fault_of(exited(75), rules));
    EXPECT_TRUE(fault_of(exited(0), rules));
    EXPECT_EQ(fault_of(exited(2), rules)->retry, Retry::Worthwhile);
    EXPECT_EQ(fault_of(exited(127), rules)->retry, Retry::Worthwhile);
    EXPECT_EQ(fault_of(exited(3), rules)->retry, Retry::Useless);
    EXPECT_EQ(fault_of(exited(69), rules)->retry, Retry::Useless);
    EXPECT_EQ(fault_of(exited(69), rules)->category, Category::Network);
}

TEST(Verdict, ASignalIsNamed) {
    const auto fault = fault_of(ended_by(SIGSEGV), {});
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->type, "shell.signal");
    EXPECT_EQ(fault->code, SIGSEGV);
    EXPECT_EQ(fault->category, Category::Application);
    EXPECT_EQ(fault->message, "the command was ended by SIGSEGV");
    EXPECT_EQ(fault_of(ended_by(SIGRTMIN + 3), {})->message,
              "the command was ended by " + std::to_string(SIGRTMIN + 3));
}

TEST(Verdict, ASigkillThatWasNotOursPointsToTheMachine) {
    const auto fault = fault_of(ended_by(SIGKILL), {});
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->category, Category::System);
    EXPECT_NE(fault->message.find("memory"), std::string::npos);
}

TEST(Verdict, AShellsCodeForASignalIsExplained) {
    EXPECT_NE(fault_of(exited(128 + SIGKILL), {})->message.find("SIGKILL"), std::string::npos);
}

}  // namespace
}  // namespace jobhost::shell
