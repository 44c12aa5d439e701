#include "http/conditions.hpp"

#include <charconv>
#include <string>
#include <string_view>

namespace jobhost::http {

namespace {

using base::Error;
using base::ErrorKind;

Error bad_condition(const std::string& must) { return {ErrorKind::Invalid, "bad_condition", must}; }

std::optional<std::int64_t> version_in(std::string_view tag) {
    if (tag.size() < 3 || tag.front() != '"' || tag.back() != '"') {
        return std::nullopt;
    }
    std::int64_t version = 0;
    const char* const end = tag.data() + tag.size() - 1;
    const auto [stop, code] = std::from_chars(tag.data() + 1, end, version);
    return code == std::errc() && stop == end ? std::optional(version) : std::nullopt;
}

}  // namespace

base::Result<Condition> read_if_match(const Head& head) {
    const auto* field = head.field("if-match");
    if (field == nullptr) {
        return Condition{};
    }
    if (*field == "*" && head.count("if-match") == 1) {
        return Condition{.given = true};
    }
    const auto version = version_in(*field);
    if (!version || head.count("if-match") > 1) {
        return bad_condition("If-Match must be one version in quotes, as ETag has it, or *.");
    }
    return Condition{.given = true, .version = version};
}

base::Result<bool> read_if_none_match(const Head& head) {
    const auto* field = head.field("if-none-match");
    if (field == nullptr) {
        return false;
    }
    if (*field != "*" || head.count("if-none-match") > 1) {
        return bad_condition("If-None-Match may only be *.");
    }
    return true;
}

}  // namespace jobhost::http
