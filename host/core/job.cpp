#include "core/job.hpp"

#include <algorithm>

#include "core/name_table.hpp"

namespace jobhost::core {

namespace {

constexpr NameTable<Kind, 3> kKinds{{
    {Kind::Once, "once"},
    {Kind::Period, "period"},
    {Kind::Persistent, "persistent"},
}};

constexpr NameTable<Source, 2> kSources{{
    {Source::User, "user"},
    {Source::System, "system"},
}};

constexpr NameTable<Priority, 5> kPriorities{{
    {Priority::Low, "low"},
    {Priority::BelowNormal, "below_normal"},
    {Priority::Normal, "normal"},
    {Priority::AboveNormal, "above_normal"},
    {Priority::High, "high"},
}};

}  // namespace

std::string_view name(Kind kind) { return name_in(kKinds, kind); }
std::string_view name(Source source) { return name_in(kSources, source); }
std::string_view name(Priority priority) { return name_in(kPriorities, priority); }

Priority effective_priority(Priority priority, int tries, int max_tries) {
    const std::int64_t thirds = std::int64_t{tries} * 3;
    if (max_tries < 2 || thirds <= max_tries) {
        return priority;
    }
    return std::min(priority,
                    thirds <= std::int64_t{max_tries} * 2 ? Priority::BelowNormal : Priority::Low);
}

std::optional<Kind> kind_from(std::string_view name) { return value_in(kKinds, name); }
std::optional<Priority> priority_from(std::string_view name) { return value_in(kPriorities, name); }

}  // namespace jobhost::core
