#include "result_text.hpp"

#include <gtest/gtest.h>

namespace jobhost::shell {
namespace {

using std::chrono::microseconds;

TEST(ResultText, HasAllThatIsKnown) {
    RunReport report;
    report.exit_code = 3;
    report.wall_time = microseconds(1'500'000);
    report.user_time = microseconds(250);
    report.system_time = microseconds(0);
    report.max_rss_bytes = 4096;
    report.killed_leftovers = true;
    EXPECT_EQ(result_text(report),
              R"({"exit_code":3,"wall_seconds":1.5,"user_cpu_seconds":0.00025,)"
              R"("system_cpu_seconds":0,"max_rss_bytes":4096,"leftovers_killed":true})");
}

TEST(ResultText, NamesASignalInsteadOfAnExitCode) {
    RunReport report;
    report.signal = 9;
    EXPECT_EQ(result_text(report), R"({"signal":9,"wall_seconds":0,"user_cpu_seconds":0,)"
                                   R"("system_cpu_seconds":0,"leftovers_killed":false})");
}

}  // namespace
}  // namespace jobhost::shell
