#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schedule/cron.hpp"

namespace jobhost::schedule::testing {

inline base::Instant instant(std::string_view text) { return *base::parse_instant(text); }

/// `2026-03-01T13:00:00+01:00`
inline std::string written(base::Instant at, const TimeZone& zone) {
    auto text = zone.format(at);
    text.erase(std::string_view("2026-03-01T13:00:00").size(), std::string_view(".000").size());
    return text;
}

/// The next firings after an instant, fewer when there are no more.
inline std::vector<std::string> firings(std::string_view expression,
                                        std::string_view zone_name,
                                        std::string_view after,
                                        int count,
                                        Days days = Days::Either) {
    const auto cron = *Cron::parse(expression, days);
    const auto zone = *TimeZone::load(zone_name);
    std::vector<std::string> texts;
    auto at = instant(after);
    for (int i = 0; i < count; ++i) {
        const auto next = cron.next(at, zone);
        if (!next) {
            break;
        }
        texts.push_back(written(*next, zone));
        at = *next;
    }
    return texts;
}

}  // namespace jobhost::schedule::testing
