#include "config/value.hpp"

#include <array>

namespace jobhost::config {

std::string_view kind_name(const Value& value) {
    constexpr std::array<std::string_view, 7> kNames{
        "a string", "an integer", "a number", "true or false", "a date", "a list", "a table"};
    return kNames.at(value.data.index());
}

}  // namespace jobhost::config
