#include "cli/cron_question.hpp"

#include "base/quote.hpp"
#include "cli/exit_code.hpp"

namespace jobhost::cli {

namespace {

using std::chrono::seconds;

constexpr std::size_t kDateLength = std::string_view("2026-03-01").size();
constexpr std::size_t kMinuteLength = std::string_view("2026-03-01T12:00").size();

/// Seconds may be left out, and the T may be a blank.
std::string completed(std::string_view text) {
    std::string complete(text);
    if (complete.size() > kDateLength && complete[kDateLength] == ' ') {
        complete[kDateLength] = 'T';
    }
    if (complete.size() >= kMinuteLength &&
        (complete.size() == kMinuteLength || complete[kMinuteLength] != ':')) {
        complete.insert(kMinuteLength, ":00");
    }
    return complete;
}

bool has_offset(std::string_view text) {
    return text.size() >= kMinuteLength &&
           text.find_first_of("Zz+-", kMinuteLength) != std::string_view::npos;
}

/// Of a reading that the clock shows twice the first; of one that it skips the instant right
/// before, so that what is made up for at the change is still to come.
base::Instant at_wall(base::Instant written, const schedule::TimeZone& zone) {
    const auto wall = std::chrono::floor<seconds>(written);
    const auto instant = zone.first_instant(schedule::Wall(wall.time_since_epoch()));
    const bool skipped = instant + zone.offset(instant) != wall;
    return skipped ? base::Instant(instant) - base::Duration(1) : instant + (written - wall);
}

std::optional<base::Instant> read_instant(std::string_view text, const schedule::TimeZone& zone) {
    const auto complete = completed(text);
    if (has_offset(complete)) {
        const auto instant = base::parse_instant(complete);
        return instant ? std::optional(*instant) : std::nullopt;
    }
    const auto written = base::parse_instant(complete + "Z");
    return written ? std::optional(at_wall(*written, zone)) : std::nullopt;
}

}  // namespace

CronReader::CronReader(const Arguments& arguments)
    : days_(arguments.text("--days") == "both" ? schedule::Days::Both : schedule::Days::Either),
      default_zone_(arguments.text("--zone").value_or("")),
      default_from_(arguments.text("--from")) {
    if (!arguments.flag("--zone")) {
        default_zone_ = schedule::TimeZone::local();
    }
}

const base::Result<schedule::TimeZone>& CronReader::zone_of(std::string_view name) {
    auto found = zones_.find(name);
    if (found == zones_.end()) {
        found = zones_.emplace(name, schedule::TimeZone::load(name)).first;
    }
    return found->second;
}

base::Result<CronQuestion> CronReader::read(std::string_view expression,
                                            std::string_view zone,
                                            std::string_view from) {
    auto cron = schedule::Cron::parse(expression, days_);
    if (!cron) {
        return wrong_use(cron.error().message);
    }
    const auto& place = zone_of(zone.empty() ? default_zone_ : zone);
    if (!place) {
        return wrong_use(place.error().message);
    }
    const auto text = from.empty() ? default_from_ : std::string(from);
    const auto instant = text ? read_instant(*text, *place) : base::SystemClock().now();
    if (!instant) {
        return wrong_use(base::in_quotes(*text) +
                         " is not a date and time; write it like 2026-03-01T12:00:00Z, or like "
                         "\"2026-03-01 12:00\" by the clock of the zone");
    }
    return CronQuestion{std::move(*cron), *place, *instant};
}

base::Result<std::string> expression_of(const Arguments& arguments, std::string_view verb) {
    if (!arguments.flag("EXPR")) {
        return wrong_use("EXPR is required; see jobhost help " + std::string(verb));
    }
    std::string expression;
    for (const auto& word : arguments.texts("EXPR")) {
        expression += (expression.empty() ? "" : " ") + word;
    }
    return expression;
}

std::string whole_seconds(base::Instant instant, const schedule::TimeZone& zone) {
    constexpr std::size_t kWhole = std::string_view("2026-03-01T12:00:00").size();
    auto text = zone.format(instant);
    text.erase(kWhole, std::string_view(".000").size());
    return text;
}

}  // namespace jobhost::cli
