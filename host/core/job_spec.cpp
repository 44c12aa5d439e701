#include "core/job_spec.hpp"

#include <algorithm>
#include <array>

#include "base/nearest.hpp"
#include "base/quote.hpp"
#include "core/mistakes.hpp"
#include "core/recurrence_rules.hpp"

namespace jobhost::core {

namespace {

constexpr std::size_t kLongestType = 127;
constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLongestDescription = 255;
constexpr std::size_t kLongestKey = 255;
constexpr std::size_t kLongestNode = 128;
constexpr std::size_t kLongestArgs = std::size_t{1024} * 1024;
constexpr std::int64_t kMostTries = 1'000'000;
constexpr std::size_t kMostLabels = 32;
constexpr std::size_t kLongestLabel = 100;
constexpr Duration kLongestTimeout = std::chrono::years(10);
/// From any clock that shows 1970 or later it is less than 2^63 nanoseconds away.
constexpr Instant kEndOfTime{std::chrono::sys_days(std::chrono::year(2200) / 1 / 1)};

bool is_type_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
           std::string_view("._/-").find(letter) != std::string_view::npos;
}

void check_type(const std::string& type, Mistakes& mistakes) {
    if (type.empty()) {
        mistakes.add("type", "required", "say which type of job to run, for example shell.run");
    } else if (type.size() > kLongestType) {
        mistakes.add("type", "too_long", "must have at most 127 characters");
    } else if (!std::ranges::all_of(type, is_type_letter)) {
        mistakes.add("type", "not_allowed", "may only hold a-z, 0-9 and . _ / -");
    }
}

/// One line of visible text, 1 to `longest` characters.
void check_line(const std::string& path,
                const std::string& text,
                std::size_t longest,
                Mistakes& mistakes) {
    if (text.empty()) {
        mistakes.add(path, "too_short", "must not be empty");
    } else if (!base::is_clean_utf8(text) || base::has_control_characters(text)) {
        mistakes.add(path, "not_allowed", "must be UTF-8 without control characters");
    } else if (base::count_characters(text) > longest) {
        mistakes.add(path, "too_long",
                     "must have at most " + std::to_string(longest) + " characters");
    }
}

void check_description(const std::string& text, Mistakes& mistakes) {
    if (!base::is_clean_utf8(text)) {
        mistakes.add("description", "not_allowed", "must be UTF-8 without NUL");
    } else if (base::count_characters(text) > kLongestDescription) {
        mistakes.add("description", "too_long", "must have at most 255 characters");
    }
}

void check_args_text(const std::string& args, Mistakes& mistakes) {
    if (args.size() > kLongestArgs) {
        mistakes.add("args", "too_long", "must have at most 1 MiB of text");
        return;
    }
    const auto document = base::parse_json(args);
    if (!document) {
        mistakes.add("args", document.error().code, document.error().message);
    } else if (!document->value.is_object()) {
        mistakes.add("args", "wrong_type", "must be an object");
    }
}

void check_labels(const LabelMap& labels, Mistakes& mistakes) {
    if (labels.size() > kMostLabels) {
        mistakes.add("labels", "too_long", "must be at most 32");
        return;
    }
    for (const auto& [key, value] : labels) {
        if (key == kNodeLabel) {
            mistakes.add("labels." + key, "not_allowed", "is what node_name says");
            continue;
        }
        const std::string path = "labels." + std::string(base::cut_utf8(key, 64));
        check_line(path, key, kLongestLabel, mistakes);
        check_line(path, value, kLongestLabel, mistakes);
    }
}

Kind checked_kind(const JobDraft& draft, Mistakes& mistakes) {
    constexpr std::array<std::string_view, 3> kKinds{"once", "period", "persistent"};
    const auto known = kind_of(draft);
    if (!known) {
        const std::string hint = base::did_you_mean(*draft.kind, kKinds);
        mistakes.add("kind", "not_allowed",
                     base::in_quotes(*draft.kind) + " is no kind of job" +
                         (hint.empty() ? "" : "; " + hint));
    }
    return known.value_or(Kind::Once);
}

Priority checked_priority(const std::string& priority, Mistakes& mistakes) {
    constexpr std::array<std::string_view, 5> kPriorities{"low", "below_normal", "normal",
                                                          "above_normal", "high"};
    const auto known = priority_from(priority);
    if (!known) {
        const std::string hint = base::did_you_mean(priority, kPriorities);
        mistakes.add("priority", "not_allowed",
                     "must be low, below_normal, normal, above_normal or high" +
                         (hint.empty() ? "" : "; " + hint));
    }
    return known.value_or(Priority::Normal);
}

int checked_tries(std::int64_t tries, Mistakes& mistakes) {
    if (tries < 0 || tries > kMostTries) {
        mistakes.add("max_try_count", "out_of_range",
                     "must be between 0 (unlimited) and " + std::to_string(kMostTries));
        return kDefaultMaxTries;
    }
    return static_cast<int>(tries);
}

void check_times(const JobDraft& draft, Mistakes& mistakes) {
    for (const auto& [path, time] :
         {std::pair("begin_time", draft.begin_time), std::pair("end_time", draft.end_time)}) {
        if (time && *time >= kEndOfTime) {
            mistakes.add(path, "out_of_range", "must be before the year 2200");
        }
    }
    if (draft.end_time && draft.begin_time && *draft.end_time < *draft.begin_time) {
        mistakes.add("end_time", "out_of_range", "must not be before begin_time");
    }
    if (draft.timeout && (*draft.timeout <= Duration{0} || *draft.timeout > kLongestTimeout)) {
        mistakes.add("timeout", "out_of_range", "must be more than 0 and at most ten years");
    }
}

/// What the node must carry: the labels that were asked for, and its name.
LabelMap checked_labels(const JobDraft& draft, Mistakes& mistakes) {
    check_labels(draft.labels, mistakes);
    LabelMap labels = draft.labels;
    if (draft.node_name) {
        check_line("node_name", *draft.node_name, kLongestNode, mistakes);
        labels[std::string(kNodeLabel)] = *draft.node_name;
    }
    return labels;
}

/// The words that people and programs find a job by.
void check_words(const JobSpec& spec, Mistakes& mistakes) {
    if (spec.name) {
        check_line("name", *spec.name, kLongestName, mistakes);
    } else if (spec.kind != Kind::Once) {
        mistakes.add("name", "required", "a recurring job needs a name");
    }
    check_line("group", spec.group, kLongestName, mistakes);
    check_description(spec.description, mistakes);
    if (!spec.creator.empty()) {
        check_line("creator", spec.creator, kLongestName, mistakes);
    }
    if (spec.unique_key) {
        check_line("unique_key", *spec.unique_key, kLongestKey, mistakes);
    }
}

/// `mistakes` are those that were made before.
base::Result<JobSpec> judged(const JobDraft& draft,
                             Source source,
                             const JobDefaults& defaults,
                             Mistakes mistakes) {
    check_type(draft.type, mistakes);
    check_args_text(draft.args, mistakes);
    JobSpec spec{.type = draft.type,
                 .args = draft.args,
                 .kind = checked_kind(draft, mistakes),
                 .source = source,
                 .name = draft.name,
                 .group = draft.group.value_or(std::string(kDefaultGroup)),
                 .description = draft.description.value_or(""),
                 .creator = draft.creator.value_or(""),
                 .unique_key = draft.unique_key,
                 .begin_time = draft.begin_time,
                 .timeout = draft.timeout,
                 .retry = draft.retry,
                 .labels = checked_labels(draft, mistakes),
                 .enabled = draft.enabled.value_or(true)};
    check_words(spec, mistakes);
    check_times(draft, mistakes);
    check_retry("retry", spec.retry, mistakes);
    spec.priority = checked_priority(draft.priority.value_or("normal"), mistakes);
    spec.max_tries = checked_tries(draft.max_try_count.value_or(defaults.max_tries), mistakes);
    spec.recurrence =
        judge_recurrence(draft, spec.kind, spec.max_tries, defaults.time_zone, mistakes);
    if (spec.recurrence) {
        check_calendars(spec.recurrence->calendars, defaults.calendars, mistakes);
    } else {
        spec.end_time = draft.end_time;
    }
    if (!mistakes.empty()) {
        return std::move(mistakes).error("invalid_job", "the job");
    }
    return spec;
}

/// With what a preset says, if one is about the job.
base::Result<JobSpec> judged_with_preset(const JobDraft& draft,
                                         Source source,
                                         const JobDefaults& defaults,
                                         Mistakes mistakes) {
    const Preset* const preset = preset_for(draft, defaults.presets);
    if (preset == nullptr) {
        return judged(draft, source, defaults, std::move(mistakes));
    }
    JobDraft overridden = draft;
    apply(*preset, overridden);
    auto spec = judged(overridden, source, defaults, std::move(mistakes));
    if (!spec) {
        // The mistake may be about a member that the sender never named.
        base::Error error = std::move(spec).error();
        error.message += "; the preset " + base::in_quotes(preset->name) + " has a say in this job";
        return error;
    }
    spec->preset = preset->name;
    return spec;
}

}  // namespace

base::Result<JobSpec> JobSpec::from(const JobDraft& draft,
                                    Source source,
                                    const JobDefaults& defaults) {
    return judged_with_preset(draft, source, defaults, {});
}

base::Result<JobSpec> JobSpec::from_json(const base::JsonText& body,
                                         Source source,
                                         const JobDefaults& defaults,
                                         JobDraft draft) {
    if (!body.value.is_object()) {
        return base::Error{base::ErrorKind::Invalid, "invalid_job",
                           "a job is written as a JSON object"};
    }
    Mistakes mistakes;
    const JobDraft whole = read_draft(body, mistakes, std::move(draft));
    return judged_with_preset(whole, source, defaults, std::move(mistakes));
}

}  // namespace jobhost::core
