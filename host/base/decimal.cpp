#include "base/decimal.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace jobhost::base {

std::string decimal(double value) {
    const double size = std::abs(value);
    const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
    std::array<char, 40> text{};
    char* const begin = text.data();
    char* const end = begin + text.size();
    const auto written = plain ? std::to_chars(begin, end, value, std::chars_format::fixed)
                               : std::to_chars(begin, end, value);
    return {begin, written.ptr};
}

}  // namespace jobhost::base
