#pragma once

#include <string_view>

#include <jobhost/plugin.h>

namespace jobhost::plugin {

class Border;

/// The newest level of the border that this host speaks.
inline constexpr std::uint32_t kHostLevel = JH_API_LEVEL;

/// The tables of `plugin.h` with functions that check what they are given, throw nothing and reach
/// `border`. Both arguments must outlive the table.
[[nodiscard]] jh_host host_table(Border& border, std::string_view version);

/// What a library sees that is only asked to describe itself: a name and a level, no function.
[[nodiscard]] jh_host describing_host(std::string_view version);

}  // namespace jobhost::plugin
