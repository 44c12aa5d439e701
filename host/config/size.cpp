#include "config/size.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace jobhost::config {

namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kUnits{{
    {"GiB", 1024LL * 1024 * 1024},
    {"MiB", 1024LL * 1024},
    {"KiB", 1024LL},
    {"B", 1},
}};

}  // namespace

std::optional<std::int64_t> parse_size(std::string_view text) {
    std::int64_t factor = 1;
    for (const auto& [unit, bytes] : kUnits) {
        if (text.ends_with(unit)) {
            text.remove_suffix(unit.size());
            factor = bytes;
            break;
        }
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0 ||
        number > std::numeric_limits<std::int64_t>::max() / factor) {
        return std::nullopt;
    }
    return number * factor;
}

std::string format_size(std::int64_t bytes) {
    for (const auto& [unit, size] : kUnits) {
        if (bytes >= size && bytes % size == 0) {
            return std::to_string(bytes / size) + std::string(unit);
        }
    }
    return "0B";
}

}  // namespace jobhost::config
