#include "core/retry_wish.hpp"

#include <algorithm>
#include <array>

#include "base/nearest.hpp"
#include "base/quote.hpp"
#include "core/seconds.hpp"

namespace jobhost::core {

namespace {

using base::Json;

constexpr std::array<std::string_view, 4> kMembers{"base", "factor", "cap", "jitter"};

/// Longer than any delay that is kept to; keeps the conversion to milliseconds inside its range.
constexpr double kMostSeconds = 1e12;

std::optional<double> number(const std::string& path, const Json& value, Mistakes& mistakes) {
    if (value.is_null()) {
        return std::nullopt;
    }
    if (!value.is_number()) {
        mistakes.add(path, "wrong_type", "must be a number");
        return std::nullopt;
    }
    return value.to_number<double>();
}

/// What is more than nothing is at least a millisecond.
std::optional<Duration> seconds(const std::string& path, const Json& value, Mistakes& mistakes) {
    const auto count = number(path, value, mistakes);
    if (!count) {
        return std::nullopt;
    }
    return from_seconds(std::clamp(*count, -1.0, kMostSeconds));
}

void check_delay(const std::string& path, std::optional<Duration> delay, Mistakes& mistakes) {
    if (delay && (*delay < kShortestRetryDelay || *delay > kLongestRetryDelay)) {
        mistakes.add(path, "out_of_range", "must be more than 0 and at most ten years");
    }
}

Json seconds_json(std::optional<Duration> delay) {
    return delay ? Json(base::to_seconds(*delay)) : Json(nullptr);
}

Json number_json(std::optional<double> value) { return value ? Json(*value) : Json(nullptr); }

}  // namespace

RetryPolicy retry_policy(const RetryPolicy& host,
                         std::optional<Duration> type_base,
                         const RetryWish& job) {
    return {.base = job.base.value_or(type_base.value_or(host.base)),
            .factor = job.factor.value_or(host.factor),
            .cap = job.cap.value_or(host.cap),
            .jitter = job.jitter.value_or(host.jitter)};
}

RetryWish read_retry(const std::string& path, const Json& value, Mistakes& mistakes) {
    RetryWish wish;
    if (!value.is_object()) {
        mistakes.add(path, "wrong_type", "must be an object");
        return wish;
    }
    for (const auto& [key, item] : value.get_object()) {
        const std::string member = path + '.' + std::string(base::cut_utf8(key, 64));
        if (key == "base") {
            wish.base = seconds(member, item, mistakes);
        } else if (key == "factor") {
            wish.factor = number(member, item, mistakes);
        } else if (key == "cap") {
            wish.cap = seconds(member, item, mistakes);
        } else if (key == "jitter") {
            wish.jitter = number(member, item, mistakes);
        } else {
            const std::string hint = base::did_you_mean(key, kMembers);
            mistakes.add(member, "unknown",
                         "there is no member " + base::in_quotes(key) + " here" +
                             (hint.empty() ? "" : "; " + hint));
        }
    }
    return wish;
}

void check_retry(const std::string& path, const RetryWish& wish, Mistakes& mistakes) {
    check_delay(path + ".base", wish.base, mistakes);
    check_delay(path + ".cap", wish.cap, mistakes);
    if (wish.base && wish.cap && *wish.cap < *wish.base) {
        mistakes.add(path + ".cap", "out_of_range", "must not be less than base");
    }
    if (wish.factor && !(*wish.factor >= kLeastRetryFactor && *wish.factor <= kMostRetryFactor)) {
        mistakes.add(path + ".factor", "out_of_range", "must be between 1 (constant) and 1000");
    }
    if (wish.jitter && !(*wish.jitter >= 0 && *wish.jitter <= 1)) {
        mistakes.add(path + ".jitter", "out_of_range", "must be between 0 and 1");
    }
}

Json retry_json(const RetryWish& wish) {
    return base::JsonObject{{"base", seconds_json(wish.base)},
                            {"factor", number_json(wish.factor)},
                            {"cap", seconds_json(wish.cap)},
                            {"jitter", number_json(wish.jitter)}};
}

RetryWish retry_from_text(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    const auto document = base::parse_json(std::string(text));
    Mistakes mistakes;
    return document ? read_retry("retry", document->value, mistakes) : RetryWish{};
}

}  // namespace jobhost::core
