#pragma once

#include <string>

#include "schedule/cron_match.hpp"
#include "schedule/cron_syntax.hpp"

namespace jobhost::schedule {

/// The expression as an English phrase: "at 02:30 on Monday to Friday".
[[nodiscard]] std::string in_words(const CronSyntax& syntax, Days days);

}  // namespace jobhost::schedule
