#include "core/calendars.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>

namespace jobhost::core {

const schedule::Calendar* Calendars::find(std::string_view name) const {
    const auto found = std::ranges::find(calendars_, name, &schedule::Calendar::name);
    return found == calendars_.end() ? nullptr : &*found;
}

std::vector<std::string_view> Calendars::names() const {
    std::vector<std::string_view> names;
    std::ranges::copy(calendars_ | std::views::transform(&schedule::Calendar::name),
                      std::back_inserter(names));
    return names;
}

Blackout::Blackout(const Calendars& calendars, std::span<const std::string> names) {
    for (const std::string& name : names) {
        parts_.push_back({name, calendars.find(name)});
    }
}

std::string_view Blackout::unknown() const {
    const auto found = std::ranges::find(parts_, nullptr, &Part::calendar);
    return found == parts_.end() ? std::string_view() : found->name;
}

std::optional<std::string> Blackout::rule_at(Instant instant) const {
    if (const auto name = unknown(); !name.empty()) {
        return "calendar " + std::string(name) + " is not in the config";
    }
    const auto found = std::ranges::find_if(
        parts_, [&](const Part& part) { return part.calendar->excludes(instant); });
    return found == parts_.end() ? std::nullopt
                                 : std::optional("calendar " + std::string(found->name));
}

std::optional<Instant> Blackout::allowed_from(Instant from, Instant limit, int& steps) const {
    if (!unknown().empty()) {
        return std::nullopt;
    }
    std::optional<Instant> at = from < limit ? std::optional(from) : std::nullopt;
    // Done when a whole round found nothing in the way.
    for (std::size_t agreed = 0, i = 0; at && agreed < parts_.size(); ++i) {
        const auto next = parts_[i % parts_.size()].calendar->next_allowed(*at, limit, steps);
        agreed = next == at ? agreed + 1 : 1;
        at = next;
    }
    return at;
}

}  // namespace jobhost::core
