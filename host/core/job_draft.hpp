#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "core/job.hpp"
#include "core/mistakes.hpp"
#include "core/retry_wish.hpp"

namespace jobhost::core {

/// A wish for a job as somebody wrote it down, not yet judged. HTTP, the config file and plugins
/// fill it; only `JobSpec` reads it.
struct JobDraft {
    std::string type = {};
    std::string args = "{}";               ///< JSON text, kept as sent
    std::optional<std::string> kind = {};  ///< nothing: what `cron` or `interval` imply
    std::optional<std::string> name = {};
    std::optional<std::string> group = {};
    std::optional<std::string> priority = {};
    std::optional<std::string> description = {};
    std::optional<std::string> creator = {};
    std::optional<std::string> unique_key = {};
    std::optional<std::string> node_name = {};  ///< the only node that may run it
    std::optional<Instant> begin_time = {};
    std::optional<Instant> end_time = {};
    std::optional<Duration> timeout = {};  ///< of one attempt
    std::optional<std::int64_t> max_try_count = {};
    RetryWish retry = {};
    LabelMap labels = {};
    std::optional<bool> enabled = {};

    // Of recurring jobs alone.
    std::optional<std::string> cron = {};
    std::optional<std::string> cron_days = {};
    std::optional<std::string> time_zone = {};
    std::optional<Duration> interval = {};
    std::optional<std::int64_t> max_count = {};
    std::optional<std::string> misfire = {};
    std::optional<std::int64_t> misfire_limit = {};
    std::optional<Duration> catch_up = {};
    std::optional<std::string> overlap = {};
    std::optional<Duration> lock_timeout = {};
    std::optional<Duration> jitter = {};
    std::optional<std::int64_t> occurrence_tries = {};
    std::optional<std::vector<std::string>> calendars = {};
};

/// Fills a draft from the members of an object; unknown members and wrong types go to the
/// mistakes. The text of `args` is kept as it was sent. What is left out is as in `draft`.
[[nodiscard]] JobDraft read_draft(const base::JsonText& object,
                                  Mistakes& mistakes,
                                  JobDraft draft = {});

}  // namespace jobhost::core
