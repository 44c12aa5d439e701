#include "cli/exit_code.hpp"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace jobhost::cli {
namespace {

TEST(ExitCode, EveryCodeIsExplainedOnce) {
    std::vector<int> numbers;
    for (const auto& [code, meaning] : exit_codes()) {
        numbers.push_back(static_cast<int>(code));
        EXPECT_FALSE(meaning.empty());
    }
    EXPECT_EQ(numbers, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 78, 130}));
}

TEST(ExitCode, OfSeveralEqualOnesItIsThatOne) {
    EXPECT_EQ(combined(std::vector<ExitCode>{}), ExitCode::Done);
    EXPECT_EQ(combined(std::array{ExitCode::Conflict, ExitCode::Conflict}), ExitCode::Conflict);
    EXPECT_EQ(combined(std::array{ExitCode::Done, ExitCode::NotFound}), ExitCode::PartlyFailed);
}

TEST(ExitCode, ItFollowsFromTheError) {
    EXPECT_EQ(exit_code_of(wrong_use("x")), ExitCode::WrongUse);
    EXPECT_EQ(exit_code_of(interrupted()), ExitCode::Interrupted);
    EXPECT_EQ(exit_code_of({base::ErrorKind::Invalid, "config_invalid", "", {}}),
              ExitCode::WrongConfiguration);
    EXPECT_EQ(exit_code_of({base::ErrorKind::Internal, "x", "", {}}), ExitCode::Failed);
}

}  // namespace
}  // namespace jobhost::cli
