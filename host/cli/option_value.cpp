#include "cli/option_value.hpp"

#include <algorithm>
#include <charconv>

#include "base/clock.hpp"
#include "base/nearest.hpp"
#include "base/quote.hpp"

namespace jobhost::cli {

namespace {

base::Error must_be(const Option& option, std::string_view value, const std::string& what) {
    return wrong_use(std::string(option.name) + " must be " + what + ", and " +
                     base::in_quotes(value) + " is not");
}

base::Result<base::Unit> check_count(const Option& option, std::string_view value) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool whole = error == std::errc() && end == value.data() + value.size();
    if (!whole || number < option.lowest || number > option.highest) {
        return must_be(option, value,
                       "a whole number from " + std::to_string(option.lowest) + " to " +
                           std::to_string(option.highest));
    }
    return base::done();
}

base::Result<base::Unit> check_choice(const Option& option, std::string_view value) {
    if (std::ranges::find(option.words, value) != option.words.end()) {
        return base::done();
    }
    std::string list;
    for (const auto word : option.words) {
        list += (list.empty() ? "" : ", ") + std::string(word);
    }
    auto error = must_be(option, value, "one of " + list);
    if (const auto hint = base::did_you_mean(value, option.words); !hint.empty()) {
        error.message += "; " + hint;
    }
    return error;
}

}  // namespace

base::Result<base::Unit> check_value(const Option& option, std::string_view value) {
    switch (option.form) {
        case Form::Count:
            return check_count(option, value);
        case Form::Choice:
            return check_choice(option, value);
        case Form::Duration:
            return base::parse_duration(value)
                       ? base::done()
                       : must_be(option, value, "a duration like 30s or 1h30m");
        case Form::Instant:
            return base::parse_instant(value)
                       ? base::done()
                       : must_be(option, value, "a time like 2026-03-01T12:00:00Z");
        case Form::Pair:
            return value.find('=') != std::string_view::npos && value.front() != '='
                       ? base::done()
                       : must_be(option, value, "NAME=VALUE");
        case Form::Text:
        case Form::Flag:
            return base::done();
    }
    return base::done();
}

}  // namespace jobhost::cli
