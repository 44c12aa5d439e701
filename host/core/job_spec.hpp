#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "core/calendars.hpp"
#include "core/job.hpp"
#include "core/job_draft.hpp"
#include "core/preset.hpp"
#include "core/recurrence.hpp"

namespace jobhost::core {

/// What the host gives to jobs that do not say it themselves.
struct JobDefaults {
    std::string time_zone = "UTC";         ///< of a recurring job
    int max_tries = kDefaultMaxTries;      ///< 0 = unlimited
    const Calendars* calendars = nullptr;  ///< that may be named; null: any may
    std::span<const Preset> presets = {};  ///< the first one that is about a job has a say in it
};

/// Where a file says that there is such a job.
struct Declaration {
    std::string host;   ///< by the name of the host whose file it is
    std::string place;  ///< "jobhost.toml:42"; empty when the file does not say so any more

    friend bool operator==(const Declaration&, const Declaration&) = default;
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
    std::string creator = {};                    ///< who asked for it, as they said; may be empty
    std::optional<std::string> unique_key = {};  ///< no two stored jobs have the same
    std::optional<Instant> begin_time = {};
    std::optional<Instant> end_time = {};  ///< of a once-job: no attempt begins after it
    std::optional<Duration> timeout = {};
    int max_tries = kDefaultMaxTries;  ///< 0 = unlimited
    RetryWish retry = {};
    LabelMap labels = {};                       ///< `kNodeLabel` among them when it is pinned
    bool enabled = true;                        ///< a disabled job never runs
    std::optional<Recurrence> recurrence = {};  ///< set for every kind but `once`
    std::optional<Declaration> declared = {};   ///< nothing when no file ever said so
    std::string preset = {};                    ///< which one had a say; empty when none

    /// Judges a draft: all mistakes at once, each with its field path as on the wire.
    [[nodiscard]] static base::Result<JobSpec> from(const JobDraft& draft,
                                                    Source source,
                                                    const JobDefaults& defaults = {});

    /// The same for the body of a create request, where unknown members and wrong types are
    /// mistakes, too. The text of `args` is kept as it was sent. What the body leaves out is as in
    /// `draft`.
    [[nodiscard]] static base::Result<JobSpec> from_json(const base::JsonText& body,
                                                         Source source,
                                                         const JobDefaults& defaults = {},
                                                         JobDraft draft = {});

    friend bool operator==(const JobSpec&, const JobSpec&) = default;
};

}  // namespace jobhost::core
