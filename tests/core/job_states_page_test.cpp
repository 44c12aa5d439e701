#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/planning.hpp"
#include "core/settle.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

// docs/job-states.md says what the code does; here the two are compared.

namespace jobhost::core {
namespace {

using Row = std::vector<std::string>;

std::string trimmed(std::string cell) {
    std::erase(cell, '`');
    const auto first = cell.find_first_not_of(' ');
    const auto last = cell.find_last_not_of(' ');
    return first == std::string::npos ? "" : cell.substr(first, last - first + 1);
}

Row cells_of(const std::string& line) {
    Row cells;
    std::istringstream stream(line.substr(1));
    for (std::string cell; std::getline(stream, cell, '|');) {
        cells.push_back(trimmed(cell));
    }
    return cells;
}

std::string page() {
    return support::read_file(std::filesystem::path(JOBHOST_DOCS_DIR) / "job-states.md");
}

/// The rows of the table whose first heading is `heading`, headings first.
std::vector<Row> table(const std::string& heading) {
    std::vector<Row> rows;
    std::istringstream stream(page());
    for (std::string line; std::getline(stream, line);) {
        const bool is_row = line.starts_with('|');
        if (!is_row && !rows.empty()) {
            break;
        }
        if (is_row && (!rows.empty() || cells_of(line).front() == heading)) {
            rows.push_back(cells_of(line));
        }
    }
    if (rows.size() > 1) {
        rows.erase(rows.begin() + 1);  // the line of dashes
    }
    return rows;
}

std::string yes_or_no(bool truth) { return truth ? "yes" : "no"; }

std::vector<Outcome> plain_outcomes() {
    const auto ended = [](auto end) { return Outcome{.end = end, .result_json = {}}; };
    return {ended(Succeeded{}), ended(Failed{}),  ended(TimedOut{}),
            ended(Cancelled{}), ended(Lost{}),    ended(Skipped{}),
            ended(Snoozed{}),   ended(Crashed{}), ended(Interrupted{})};
}

Transition settled(int tries, const Outcome& outcome, int crashes = 0) {
    const Standing standing{.tries = tries, .crashes = crashes, .max_tries = 5};
    return settle(standing, outcome, {}, support::ManualClock::kStart, 0);
}

TEST(JobStatesPage, NamesEveryStatusWithItsNumber) {
    const auto rows = table("status");
    ASSERT_EQ(rows.size(), all_statuses().size() + 1);
    std::map<std::string, std::string> numbers;
    for (const auto& row : rows) {
        numbers[row[0]] = row[1];
    }
    for (const auto status : all_statuses()) {
        EXPECT_EQ(numbers[std::string(name(status))], std::to_string(static_cast<int>(status)));
    }
}

TEST(JobStatesPage, SaysWhichOperationIsAllowedWhere) {
    const auto rows = table("operation");
    ASSERT_EQ(rows.size(), all_operations().size() + 1);
    ASSERT_EQ(rows[0].size(), all_statuses().size() + 1);
    for (const auto operation : all_operations()) {
        const auto row = std::ranges::find_if(
            rows, [&](const Row& one) { return one.front() == name(operation); });
        ASSERT_NE(row, rows.end());
        for (std::size_t column = 1; column < rows[0].size(); ++column) {
            const auto status = status_from(rows[0][column]);
            ASSERT_TRUE(status) << rows[0][column];
            EXPECT_EQ((*row)[column], yes_or_no(allows(*status, operation))) << name(*status);
        }
    }
}

TEST(JobStatesPage, SaysWhereEachOutcomeLeads) {
    const auto rows = table("outcome");
    ASSERT_EQ(rows.size(), plain_outcomes().size() + 1);
    for (const auto& outcome : plain_outcomes()) {
        const auto below = settled(1, outcome);
        const auto at_limit = settled(4, outcome);
        const bool uses_try = at_limit.outcome != AttemptOutcome::Succeeded && at_limit.tries == 5;
        const Row expected{std::string(name(kind_of(outcome))),
                           yes_or_no(uses_try),
                           std::string(name(below.to)),
                           std::string(name(at_limit.to)),
                           at_limit.reason,
                           at_limit.to == Status::Stopped ? yes_or_no(at_limit.abandoned) : ""};
        EXPECT_NE(std::ranges::find(rows, expected), rows.end())
            << ::testing::PrintToString(expected);
    }
}

/// "x" for the wish that an operation leaves, or "refused".
std::string wish_of(Want standing, Operation operation) {
    return allows(Status::Running, operation, standing)
               ? std::string(name(want_after(standing, operation)))
               : "refused";
}

TEST(JobStatesPage, SaysWhichWishStandsAfterAnother) {
    const auto rows = table("wish that stands");
    ASSERT_EQ(rows.size(), all_wants().size() + 1);
    for (const auto standing : all_wants()) {
        Row expected{std::string(name(standing))};
        for (std::size_t column = 1; column + 1 < rows[0].size(); ++column) {
            const auto operation = operation_from(rows[0][column]);
            ASSERT_TRUE(operation) << rows[0][column];
            expected.push_back(wish_of(standing, *operation));
        }
        expected.push_back(wish_of(standing, Operation::Disable));
        EXPECT_NE(std::ranges::find(rows, expected), rows.end())
            << ::testing::PrintToString(expected);
    }
}

TEST(JobStatesPage, SaysWhereEachWishLands) {
    const auto rows = table("reported");
    ASSERT_EQ(rows.size(), plain_outcomes().size() + 1);
    const std::vector<Want> wants{Want::Nothing, Want::Cancel, Want::Pause, Want::Stop,
                                  Want::Resume};
    for (const auto& outcome : plain_outcomes()) {
        const auto reported = settled(1, outcome);
        Row expected{std::string(name(kind_of(outcome)))};
        for (const auto want : wants) {
            const auto landed = land(reported, want, support::ManualClock::kStart);
            expected.push_back(landed == reported && !ends_attempt(want)
                                   ? "as reported"
                                   : std::string(name(landed.to)));
        }
        const auto ended = land(reported, Want::Pause, support::ManualClock::kStart);
        expected.push_back(std::string(name(ended.outcome)));
        EXPECT_NE(std::ranges::find(rows, expected), rows.end())
            << ::testing::PrintToString(expected);
        EXPECT_EQ(rows[0].size(), expected.size());
    }
}

TEST(JobStatesPage, MapsTheStatesOfTheGoServiceToStatuses) {
    const auto rows = table("state there");
    ASSERT_EQ(rows.size(), 7U);
    for (std::size_t row = 1; row < rows.size(); ++row) {
        EXPECT_TRUE(status_from(rows[row].at(1))) << rows[row].at(1);
    }
}

TEST(JobStatesPage, ListsEveryReason) {
    std::set<std::string> reasons;
    auto outcomes = plain_outcomes();
    outcomes.push_back({.end = Failed{{.hint = RetryHint::Permanent}}, .result_json = {}});
    for (const auto& outcome : outcomes) {
        for (const int tries : {0, 4}) {
            for (const int crashes : {0, 2}) {
                reasons.insert(settled(tries, outcome, crashes).reason);
            }
        }
    }
    for (const auto want : all_wants()) {
        reasons.insert(land(settled(0, plain_outcomes().front()), want, {}).reason);
    }
    reasons.erase("");
    reasons.insert(
        within_time(settled(0, {.end = Expired{}, .result_json = {}}), Instant{}).reason);
    reasons.insert(std::string(kParentStopped));
    std::string list;
    for (const auto& reason : reasons) {
        list += (list.empty() ? "`" : ", `") + reason + "`";
    }
    const std::string text = page();
    const auto section = text.find("## Reasons");
    ASSERT_NE(section, std::string::npos);
    std::string written = text.substr(section);
    std::ranges::replace(written, '\n', ' ');
    EXPECT_NE(written.find("of a stopped job: " + list + "."), std::string::npos) << list;
}

}  // namespace
}  // namespace jobhost::core
