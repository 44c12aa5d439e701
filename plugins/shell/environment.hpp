#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace jobhost::shell {

/// Environment variables by name.
using Environment = std::map<std::string, std::string>;

/// What a command may know about the attempt that it is.
struct JobFacts {
    std::string job_id;
    std::string job_name;     ///< may be empty
    std::string traceparent;  ///< W3C trace context; may be empty
    std::uint32_t attempt = 1;
};

/// What a command finds when neither the operator nor the job says anything else.
Environment default_environment();

/// Names of this beginning are the host's; nobody else sets them.
inline constexpr const char* kOwnPrefix = "JOBHOST_";

/// Why these two cannot be an environment variable, as the end of a sentence.
std::optional<std::string> mistake_in_variable(const std::string& name, const std::string& value);

/// All that a command finds in its environment: `base`, over it the job's own, over it the facts.
Environment environment_for(const Environment& base, const Environment& own, const JobFacts& facts);

}  // namespace jobhost::shell
