#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "core/job.hpp"

namespace jobhost::core {

/// A wish for a job as somebody wrote it down, not yet judged. HTTP, the config file and plugins
/// fill it; only `JobSpec` reads it.
struct JobDraft {
    std::string type = {};
    std::string args = "{}";  ///< JSON text, kept as sent
    std::optional<std::string> kind = {};
    std::optional<std::string> name = {};
    std::optional<std::string> group = {};
    std::optional<std::string> priority = {};
    std::optional<std::string> description = {};
    std::optional<Instant> begin_time = {};
    std::optional<Duration> timeout = {};  ///< of one attempt
    std::optional<std::int64_t> max_try_count = {};
    LabelMap labels = {};
};

/// A job that may be stored: every field is inside its limits.
struct JobSpec {
    std::string type = {};
    std::string args = {};
    Kind kind = Kind::Once;
    Source source = Source::User;
    std::optional<std::string> name = {};  ///< unique in its group when given
    std::string group{kDefaultGroup};
    Priority priority = Priority::Normal;
    std::string description = {};
    std::optional<Instant> begin_time = {};
    std::optional<Duration> timeout = {};
    int max_tries = kDefaultMaxTries;  ///< 0 = unlimited
    LabelMap labels = {};

    /// Judges a draft: all mistakes at once, each with its field path as on the wire.
    [[nodiscard]] static base::Result<JobSpec> from(const JobDraft& draft, Source source);

    /// The same for the body of a create request, where unknown members and wrong types are
    /// mistakes, too. The text of `args` is kept as it was sent.
    [[nodiscard]] static base::Result<JobSpec> from_json(const base::JsonText& body, Source source);
};

}  // namespace jobhost::core
