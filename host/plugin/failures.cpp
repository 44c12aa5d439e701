#include "plugin/failures.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "plugin/fields.hpp"

namespace jobhost::plugin {

namespace {

constexpr std::size_t kLongestType = 127;
constexpr std::string_view kNoType = "unspecified";
constexpr std::uint64_t kLongestDelay = std::uint64_t{100} * 366 * 86'400 * 1000;  // a century

core::ErrorCategory category_from(std::uint32_t number) {
    switch (number) {
        case JH_CATEGORY_BUSINESS:
            return core::ErrorCategory::Business;
        case JH_CATEGORY_NETWORK:
            return core::ErrorCategory::Network;
        case JH_CATEGORY_SYSTEM:
            return core::ErrorCategory::System;
        default:
            return core::ErrorCategory::Application;
    }
}

core::RetryHint hint_from(std::uint32_t flags) {
    if ((flags & JH_ERROR_PERMANENT) != 0) {
        return core::RetryHint::Permanent;
    }
    return (flags & JH_ERROR_RETRYABLE) != 0 ? core::RetryHint::Retryable
                                             : core::RetryHint::Default;
}

std::optional<core::Duration> delay_from(std::uint64_t milliseconds) {
    if (milliseconds == 0) {
        return std::nullopt;
    }
    return core::Duration(static_cast<std::int64_t>(std::min(milliseconds, kLongestDelay)));
}

std::string details_from(jh_str details, Conduct& plugin) {
    const auto text = view(details);
    if (text.empty()) {
        return {};
    }
    if (text.size() > kLongestDocument || !base::parse_json(std::string(text))) {
        plugin.broke_rule("gave details of a failure that are no JSON or too long");
        return {};
    }
    return std::string(text);
}

}  // namespace

std::string copy_text(jh_str text, std::size_t most) {
    // Cut first: what is left out need not be looked at.
    const auto bytes = view(text);
    const auto clean = base::to_utf8(bytes.substr(0, most + 4));
    return std::string(base::cut_utf8(clean, most));
}

core::Failure failure_from(const jh_error& error, Conduct& plugin) {
    core::Failure failure;
    if (error.struct_size < kLevel1Size<jh_error>) {
        plugin.broke_rule("told a failure in a struct that is smaller than level 1");
        failure.type = kNoType;
        failure.message =
            plugin.name() + " failed and told the reason in a struct of the wrong size";
        return failure;
    }
    failure.category = category_from(error.category);
    failure.hint = hint_from(error.flags);
    failure.retry_after = delay_from(error.retry_after_ms);
    failure.type = copy_text(error.type, kLongestType);
    failure.code = error.code;
    failure.message = copy_text(error.message, kLongestMessage);
    failure.details_json = details_from(error.details_json, plugin);
    if (failure.type.empty()) {
        failure.type = kNoType;
    }
    if (failure.message.empty()) {
        failure.message = plugin.name() + " failed and told no reason";
    }
    return failure;
}

core::Failure misbehaved(const Conduct& plugin, std::string type, std::string_view what) {
    core::Failure failure;
    failure.type = std::move(type);
    failure.message = plugin.name() + ' ' + std::string(what);
    return failure;
}

core::Failure unspecified(Conduct& plugin, std::string_view job_id) {
    plugin.broke_rule("failed without telling a reason", job_id);
    return misbehaved(plugin, std::string(kNoType), "failed and told no reason");
}

}  // namespace jobhost::plugin
