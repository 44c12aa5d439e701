#include "schedule/clock_effect.hpp"

#include <algorithm>

namespace jobhost::schedule {

namespace {

using Kind = ClockEffect::Kind;

Kind kind_of(const ClockChange& change, const Cron& cron) {
    if (change.after > change.before) {
        return cron.is_every_hour() ? Kind::Skipped : Kind::MadeUp;
    }
    return cron.is_fixed() ? Kind::FirstPass : Kind::BothPasses;
}

}  // namespace

ClockEffect effect_of(const ClockChange& change, const Cron& cron) {
    const auto at = change.at.time_since_epoch();
    const Wall begin(at + std::min(change.before, change.after));
    const Wall end(at + std::max(change.before, change.after));
    const auto first = cron.first_match(begin);
    if (!first || *first >= end) {
        return {};
    }
    ClockEffect effect{kind_of(change, cron), *first, *first};
    for (auto match = first; match && *match < end;
         match = cron.first_match(*match + std::chrono::seconds(1))) {
        effect.last = *match;
    }
    return effect;
}

}  // namespace jobhost::schedule
