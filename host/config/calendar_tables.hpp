#pragma once

#include <string>
#include <vector>

#include "config/judge.hpp"
#include "config/problem.hpp"
#include "config/value.hpp"
#include "core/calendars.hpp"

namespace jobhost::config {

/// One `[[calendar]]`.
struct CalendarTable {
    schedule::CalendarRules rules = {};
    std::string zone = {};  ///< empty: that of the host
};

/// Reads the `[[calendar]]` tables. `complete` is false when the text could not be read to its end,
/// so that what a table lacks may only have been cut off.
[[nodiscard]] std::vector<CalendarTable> read_calendar_tables(const Entry& entry,
                                                              bool complete,
                                                              const Folders& folders,
                                                              std::vector<Problem>& problems);

/// The calendars of tables without mistakes.
[[nodiscard]] core::Calendars make_calendars(const std::vector<CalendarTable>& tables,
                                             const std::string& host_zone);

}  // namespace jobhost::config
