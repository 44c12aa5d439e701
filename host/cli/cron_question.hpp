#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/arguments.hpp"
#include "schedule/cron.hpp"

namespace jobhost::cli {

/// What the verbs about cron are asked. Every mistake is `wrong_use`.
struct CronQuestion {
    schedule::Cron cron;
    schedule::TimeZone zone;
    base::Instant from;
};

/// Keeps the zones that were loaded, and the names that could not be, for thousands of questions.
class CronReader {
public:
    /// Takes --days, and for what a question leaves out --zone and --from.
    explicit CronReader(const Arguments& arguments);

    /// Empty texts are left out.
    [[nodiscard]] base::Result<CronQuestion> read(std::string_view expression,
                                                  std::string_view zone = {},
                                                  std::string_view from = {});

private:
    const base::Result<schedule::TimeZone>& zone_of(std::string_view name);

    schedule::Days days_;
    std::string default_zone_;
    std::optional<std::string> default_from_;
    std::map<std::string, base::Result<schedule::TimeZone>, std::less<>> zones_;
};

/// The words of EXPR, joined; `wrong_use` when there are none.
[[nodiscard]] base::Result<std::string> expression_of(const Arguments& arguments,
                                                      std::string_view verb);

/// RFC 3339 with the offset of the zone and whole seconds: `2026-03-01T13:00:00+01:00`.
[[nodiscard]] std::string whole_seconds(base::Instant instant, const schedule::TimeZone& zone);

}  // namespace jobhost::cli
