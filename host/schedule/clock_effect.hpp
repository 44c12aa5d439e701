#pragma once

#include "schedule/cron.hpp"

namespace jobhost::schedule {

/// What one change of the wall clock does to the firings of an expression.
struct ClockEffect {
    enum class Kind {
        None,        ///< no reading that fits is skipped or shown twice
        Skipped,     ///< readings that fit are skipped, and it goes on with the next
        MadeUp,      ///< readings that fit are skipped, and it runs once, at the change
        FirstPass,   ///< readings that fit are shown twice, and it runs the first time
        BothPasses,  ///< readings that fit are shown twice, and it runs both times
    };

    Kind kind = Kind::None;
    Wall first{};  ///< of the readings that fit and are skipped or shown twice
    Wall last{};
};

[[nodiscard]] ClockEffect effect_of(const ClockChange& change, const Cron& cron);

}  // namespace jobhost::schedule
