#include "http/query.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/nearest.hpp"
#include "base/utf8.hpp"
#include "http/head.hpp"

namespace jobhost::http {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;

/// As forms write it: a plus is a space.
Result<std::string> decode(std::string_view sent) {
    std::string text(sent);
    std::ranges::replace(text, '+', ' ');
    auto decoded = percent_decode(text);
    if (!decoded || !base::is_clean_utf8(*decoded)) {
        return Error{ErrorKind::Invalid, "bad_query", "The query is not encoded correctly."};
    }
    return decoded;
}

/// Takes the next `name=value` off `rest`.
Result<std::pair<std::string, std::string>> take_parameter(std::string_view& rest) {
    const auto end = rest.find('&');
    const auto one = rest.substr(0, end);
    rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    const auto mark = one.find('=');
    auto name = decode(one.substr(0, mark));
    auto value = decode(mark == std::string_view::npos ? "" : one.substr(mark + 1));
    if (!name || !value) {
        return name ? value.error() : name.error();
    }
    return std::pair(std::move(*name), std::move(*value));
}

Error unknown(const std::string& name, std::span<const std::string_view> known) {
    const auto hint = base::did_you_mean(name, known);
    return {ErrorKind::Invalid, "unknown_parameter",
            "There is no parameter \"" + name + "\" here" + (hint.empty() ? "." : "; " + hint)};
}

}  // namespace

Result<Query> Query::read(std::string_view text, std::span<const std::string_view> known) {
    Query query;
    while (!text.empty()) {
        auto parameter = take_parameter(text);
        if (!parameter) {
            return std::move(parameter).error();
        }
        if (std::ranges::find(known, parameter->first) == known.end()) {
            return unknown(parameter->first, known);
        }
        const auto name = parameter->first;
        if (!query.values_.insert(std::move(*parameter)).second) {
            return bad_query(name, "must be there once");
        }
    }
    return query;
}

Query Query::read_leniently(std::string_view text) {
    Query query;
    while (!text.empty()) {
        if (auto parameter = take_parameter(text)) {
            query.values_.insert(std::move(*parameter));
        }
    }
    return query;
}

bool Query::has(std::string_view name) const { return values_.contains(name); }

std::string Query::text(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? "" : found->second;
}

Result<std::int64_t> Query::number(std::string_view name,
                                   std::int64_t usual,
                                   std::int64_t least,
                                   std::int64_t most) const {
    if (!has(name)) {
        return usual;
    }
    const auto value = text(name);
    std::int64_t number = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
    if (value.empty() || read.ec != std::errc{} || read.ptr != value.data() + value.size() ||
        number < least || number > most) {
        return bad_query(name, "must be a whole number between " + std::to_string(least) + " and " +
                                   std::to_string(most));
    }
    return number;
}

Result<bool> Query::flag(std::string_view name) const {
    const auto value = text(name);
    if (!has(name) || value == "false") {
        return false;
    }
    if (value == "true" || value.empty()) {
        return true;
    }
    return bad_query(name, "must be true or false");
}

Error bad_query(std::string_view name, std::string_view must) {
    return {ErrorKind::Invalid, "bad_query",
            "The parameter \"" + std::string(name) + "\" " + std::string(must) + "."};
}

}  // namespace jobhost::http
