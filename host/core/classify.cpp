#include "core/classify.hpp"

#include <array>
#include <utility>

namespace jobhost::core {

namespace {

bool matches(const std::string& pattern, std::string_view text) {
    if (pattern.empty()) {
        return true;
    }
    return pattern.back() == '*' ? text.starts_with(pattern.substr(0, pattern.size() - 1))
                                 : text == pattern;
}

ClassifyRule http_status(std::int64_t first,
                         std::optional<std::int64_t> last,
                         ErrorCategory category) {
    return {.type = "http.*", .first_code = first, .last_code = last, .category = category};
}

/// Takes the words of the first rules that have some; `failure` is what the rules look at.
class Words {
public:
    Words(const Failure& failure, std::string_view job_type)
        : failure_(failure), job_type_(job_type) {}

    void read(std::span<const ClassifyRule> rules) {
        for (const ClassifyRule& rule : rules) {
            if (category && retry) {
                return;
            }
            if (matches(rule, failure_, job_type_)) {
                category = category ? category : rule.category;
                retry = retry ? retry : rule.retry;
            }
        }
    }

    std::optional<ErrorCategory> category;
    std::optional<RetryHint> retry;

private:
    const Failure& failure_;
    std::string_view job_type_;
};

}  // namespace

std::span<const ClassifyRule> built_in_rules() {
    static const std::array rules{
        http_status(408, 408, ErrorCategory::Network),
        http_status(429, 429, ErrorCategory::Network),
        http_status(500, std::nullopt, ErrorCategory::Network),
        http_status(100, 499, ErrorCategory::Application),
    };
    return rules;
}

bool matches(const ClassifyRule& rule, const Failure& failure, std::string_view job_type) {
    return matches(rule.type, failure.type) && matches(rule.job_type, job_type) &&
           failure.code >= rule.first_code.value_or(failure.code) &&
           failure.code <= rule.last_code.value_or(failure.code);
}

Failure classify(Failure failure, std::string_view job_type, std::span<const ClassifyRule> rules) {
    Words words(failure, job_type);
    words.read(rules);
    words.read(built_in_rules());
    const auto category = words.category;
    const auto retry = words.retry;
    failure.category = category.value_or(failure.category);
    failure.hint = retry.value_or(failure.hint);
    return failure;
}

Outcome classify(Outcome outcome, std::string_view job_type, std::span<const ClassifyRule> rules) {
    if (auto* const failed = std::get_if<Failed>(&outcome.end)) {
        failed->failure = classify(std::move(failed->failure), job_type, rules);
    } else if (auto* const crashed = std::get_if<Crashed>(&outcome.end)) {
        crashed->failure = classify(std::move(crashed->failure), job_type, rules);
    }
    return outcome;
}

}  // namespace jobhost::core
