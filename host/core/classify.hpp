#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/outcome.hpp"

namespace jobhost::core {

/// A rule about failures: what it matches, and what it says about them. A member that is empty
/// matches everything, or says nothing.
struct ClassifyRule {
    std::string type = {};      ///< of the failure, or its beginning before a `*`
    std::string job_type = {};  ///< of the job, in the same way
    std::optional<std::int64_t> first_code = {};
    std::optional<std::int64_t> last_code = {};
    std::optional<ErrorCategory> category = {};
    std::optional<RetryHint> retry = {};

    friend bool operator==(const ClassifyRule&, const ClassifyRule&) = default;
};

/// What is known about failures without being told; stands below the rules of the configuration.
/// Statuses of HTTP: 408, 429 and 500 and above are the network's fault, the rest of 100 to 499 is
/// the application's. What comes without a status keeps the category that the runner gave it.
[[nodiscard]] std::span<const ClassifyRule> built_in_rules();

[[nodiscard]] bool matches(const ClassifyRule& rule,
                           const Failure& failure,
                           std::string_view job_type);

/// What a runner said about its failure, put right by the rules, and then by the built-in ones. For
/// the category the first rule that matches and names one counts, for `hint` the first that matches
/// and names `retry`; they need not be the same rule. Pure.
[[nodiscard]] Failure classify(Failure failure,
                               std::string_view job_type,
                               std::span<const ClassifyRule> rules);

/// The same for an end: only what a runner says is classified (`Failed`, `Crashed`), not what the
/// host saw itself.
[[nodiscard]] Outcome classify(Outcome outcome,
                               std::string_view job_type,
                               std::span<const ClassifyRule> rules);

}  // namespace jobhost::core
