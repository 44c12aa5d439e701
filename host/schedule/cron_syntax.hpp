#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace jobhost::schedule {

/// The fields of a cron expression, in the order in which they are written.
enum class CronUnit { Second, Minute, Hour, DayOfMonth, Month, DayOfWeek, Year };

inline constexpr std::size_t kCronUnits = 7;

/// The values that a field may take. A weekday may also be written 7, which is Sunday, 0.
struct CronLimits {
    int lowest;
    int highest;

    [[nodiscard]] constexpr int width() const { return highest - lowest + 1; }
};

[[nodiscard]] constexpr CronLimits limits_of(CronUnit unit) {
    constexpr std::array<CronLimits, kCronUnits> kLimits{
        {{0, 59}, {0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}, {1970, 2199}}};
    return kLimits[static_cast<std::size_t>(unit)];
}

/// One member of the list that a field is.
struct CronMember {
    enum class Kind {
        All,              ///< `*`, `?`, `*/step`
        Value,            ///< `first`
        From,             ///< `first/step`; `last` is the field's end
        Range,            ///< `first-last`, `first-last/step`; wraps round when `last` < `first`
        LastDay,          ///< `L`, `L-first`
        NearestTo,        ///< `firstW`
        NearestToLast,    ///< `LW`, `L-firstW`
        LastSuchWeekday,  ///< `firstL`
        NthSuchWeekday,   ///< `first#nth`
    };

    Kind kind = Kind::All;
    int first = 0;  ///< a weekday is 0 to 6 here
    int last = 0;   ///< a weekday is 7 when the range ends on the Sunday behind Saturday
    int step = 1;
    int nth = 0;
};

struct CronField {
    std::vector<CronMember> members;

    /// `*`, `?` or `*/1`. Anything else restricts, also when it happens to name every value.
    [[nodiscard]] bool is_unrestricted() const;
    /// A value or a list of values: nothing with `*`, `/` or `-`.
    [[nodiscard]] bool is_fixed() const;
};

/// What an expression says, field by field; the second is 0 and the year `*` when they are left
/// out, and a macro stands for its fields.
struct CronSyntax {
    std::array<CronField, kCronUnits> fields;

    [[nodiscard]] const CronField& operator[](CronUnit unit) const {
        return fields[static_cast<std::size_t>(unit)];
    }

    /// A mistake is `Invalid` with the code `invalid_cron`; the message has the column, from 1, of
    /// what was found and says what was expected there.
    [[nodiscard]] static base::Result<CronSyntax> parse(std::string_view text);
};

/// Calls `take` with every value of a member of kind All, Value, From or Range, in its order.
template <typename Take>
void for_each_value(const CronMember& member, CronUnit unit, Take take) {
    const auto limits = limits_of(unit);
    const int length =
        member.last - member.first + (member.last < member.first ? limits.width() : 0);
    for (int i = 0; i <= length; i += member.step) {
        take(limits.lowest + (member.first - limits.lowest + i) % limits.width());
    }
}

}  // namespace jobhost::schedule
