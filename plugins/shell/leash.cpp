#include "leash.hpp"

#include <charconv>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace jobhost::shell {

int leash_descriptor(const char* text) {
    const std::string_view digits = text == nullptr ? std::string_view() : text;
    int number = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool is_number = error == std::errc() && end == digits.data() + digits.size();
    const bool is_ours = is_number && number > STDERR_FILENO && ::fcntl(number, F_GETFD) >= 0;
    return is_ours ? number : -1;
}

}  // namespace jobhost::shell
