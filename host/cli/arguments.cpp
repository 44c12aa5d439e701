#include "cli/arguments.hpp"

#include <charconv>

namespace jobhost::cli {

void Arguments::add(std::string_view name, std::vector<std::string> values) {
    values_.emplace(name, std::move(values));
}

bool Arguments::flag(std::string_view name) const { return values_.contains(name); }

std::optional<std::string> Arguments::text(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() || found->second.empty() ? std::nullopt
                                                           : std::optional(found->second.back());
}

std::vector<std::string> Arguments::texts(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::optional<std::int64_t> Arguments::count(std::string_view name) const {
    const auto value = text(name);
    if (!value) {
        return std::nullopt;
    }
    std::int64_t number = 0;
    std::from_chars(value->data(), value->data() + value->size(), number);
    return number;
}

std::optional<base::Duration> Arguments::duration(std::string_view name) const {
    const auto value = text(name);
    return value ? std::optional(*base::parse_duration(*value)) : std::nullopt;
}

std::optional<base::Instant> Arguments::instant(std::string_view name) const {
    const auto value = text(name);
    return value ? std::optional(*base::parse_instant(*value)) : std::nullopt;
}

}  // namespace jobhost::cli
