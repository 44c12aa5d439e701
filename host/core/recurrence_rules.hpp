#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/calendars.hpp"
#include "core/job_draft.hpp"
#include "core/recurrence.hpp"

namespace jobhost::core {

/// A draft that says when it recurs need not say that it does. Nothing for a word that is no kind.
[[nodiscard]] std::optional<Kind> kind_of(const JobDraft& draft);

/// Judges what a draft says about recurring; mistakes are told with their field paths. Nothing for
/// a once-job, which may say nothing of the kind. `max_tries` is the limit of the whole job,
/// `host_zone` the zone of a draft that names none.
[[nodiscard]] std::optional<Recurrence> judge_recurrence(const JobDraft& draft,
                                                         Kind kind,
                                                         int max_tries,
                                                         const std::string& host_zone,
                                                         Mistakes& mistakes);

/// Judges the names of calendars; with `known`, also whether the host has them.
void check_calendars(const std::vector<std::string>& names,
                     const Calendars* known,
                     Mistakes& mistakes);

}  // namespace jobhost::core
