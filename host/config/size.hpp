#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jobhost::config {

/// Reads `65536`, `64KiB`, `1MiB`, `2GiB`, `512B`.
[[nodiscard]] std::optional<std::int64_t> parse_size(std::string_view text);

/// The shortest text that `parse_size` reads back: 1048576 is `1MiB`.
[[nodiscard]] std::string format_size(std::int64_t bytes);

}  // namespace jobhost::config
