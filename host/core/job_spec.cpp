#include "core/job_spec.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/nearest.hpp"
#include "base/quote.hpp"
#include "core/mistakes.hpp"

namespace jobhost::core {

namespace {

constexpr std::size_t kLongestType = 127;
constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLongestDescription = 255;
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
        const std::string path = "labels." + std::string(base::cut_utf8(key, 64));
        check_line(path, key, kLongestLabel, mistakes);
        check_line(path, value, kLongestLabel, mistakes);
    }
}

void check_kind(const std::string& kind, Mistakes& mistakes) {
    constexpr std::array<std::string_view, 3> kKinds{"once", "period", "persistent"};
    const auto known = kind_from(kind);
    if (!known) {
        const std::string hint = base::did_you_mean(kind, kKinds);
        mistakes.add(
            "kind", "not_allowed",
            base::in_quotes(kind) + " is no kind of job" + (hint.empty() ? "" : "; " + hint));
    } else if (*known != Kind::Once) {
        mistakes.add("kind", "unsupported", "this version runs only jobs of kind \"once\"");
    }
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

/// Fills a draft from the members of a request.
class DraftReader {
public:
    DraftReader(const base::JsonText& body, Mistakes& mistakes)
        : body_(body), mistakes_(mistakes) {}

    /// What could be read; the rest is in the mistakes.
    JobDraft read() {
        for (const auto& [key, value] : body_.value.get_object()) {
            const auto row = std::ranges::find(kMembers, std::string_view(key), &Member::name);
            if (row == kMembers.end()) {
                unknown(key);
            } else if (!value.is_null()) {
                (this->*row->take)(std::string(key), value);
            }
        }
        return std::move(draft_);
    }

private:
    struct Member {
        std::string_view name;
        void (DraftReader::*take)(const std::string& path, const base::Json& value);
    };
    static const std::array<Member, 11> kMembers;

    void take_type(const std::string& path, const base::Json& value) {
        draft_.type = text(path, value).value_or("");
    }
    void take_kind(const std::string& path, const base::Json& value) {
        draft_.kind = text(path, value);
    }
    void take_name(const std::string& path, const base::Json& value) {
        draft_.name = text(path, value);
    }
    void take_group(const std::string& path, const base::Json& value) {
        draft_.group = text(path, value);
    }
    void take_priority(const std::string& path, const base::Json& value) {
        draft_.priority = text(path, value);
    }
    void take_description(const std::string& path, const base::Json& value) {
        draft_.description = text(path, value);
    }

    void take_args(const std::string& path, const base::Json& value) {
        if (!value.is_object()) {
            mistakes_.add(path, "wrong_type", "must be an object");
        }
        draft_.args = std::string(body_.member(path));
    }

    void take_begin_time(const std::string& path, const base::Json& value) {
        const auto written = text(path, value);
        if (!written) {
            return;
        }
        const auto instant = base::parse_instant(*written);
        if (!instant) {
            mistakes_.add(path, "wrong_type", instant.error().message);
            return;
        }
        draft_.begin_time = *instant;
    }

    void take_timeout(const std::string& path, const base::Json& value) {
        if (!value.is_number()) {
            mistakes_.add(path, "wrong_type", "must be a number of seconds");
            return;
        }
        const double seconds = value.to_number<double>();
        const double longest = base::to_seconds(kLongestTimeout);
        if (!(seconds > 0) || seconds > longest) {
            mistakes_.add(path, "out_of_range", "must be more than 0 and at most ten years");
            return;
        }
        draft_.timeout = std::chrono::ceil<Duration>(std::chrono::duration<double>(seconds));
    }

    void take_max_try_count(const std::string& path, const base::Json& value) {
        if (!value.is_int64()) {
            const bool large = value.is_uint64();
            mistakes_.add(path, large ? "out_of_range" : "wrong_type",
                          "must be a whole number between 0 (unlimited) and 1000000");
            return;
        }
        draft_.max_try_count = value.get_int64();
    }

    void take_labels(const std::string& path, const base::Json& value) {
        if (!value.is_object()) {
            mistakes_.add(path, "wrong_type", "must be an object of texts");
            return;
        }
        for (const auto& [key, item] : value.get_object()) {
            const std::string label_path = path + '.' + std::string(base::cut_utf8(key, 64));
            if (const auto label = text(label_path, item)) {
                draft_.labels.emplace(key, *label);
            }
        }
    }

    std::optional<std::string> text(const std::string& path, const base::Json& value) {
        if (!value.is_string()) {
            mistakes_.add(path, "wrong_type", "must be a text");
            return std::nullopt;
        }
        return std::string(value.get_string());
    }

    void unknown(std::string_view key) {
        std::array<std::string_view, kMembers.size()> names{};
        std::ranges::transform(kMembers, names.begin(), &Member::name);
        const std::string hint = mistakes_.full() ? "" : base::did_you_mean(key, names);
        mistakes_.add(
            std::string(base::cut_utf8(key, 64)), "unknown",
            "a job has no member " + base::in_quotes(key) + (hint.empty() ? "" : "; " + hint));
    }

    const base::JsonText& body_;
    Mistakes& mistakes_;
    JobDraft draft_;
};

const std::array<DraftReader::Member, 11> DraftReader::kMembers{{
    {"type", &DraftReader::take_type},
    {"args", &DraftReader::take_args},
    {"kind", &DraftReader::take_kind},
    {"name", &DraftReader::take_name},
    {"group", &DraftReader::take_group},
    {"priority", &DraftReader::take_priority},
    {"description", &DraftReader::take_description},
    {"begin_time", &DraftReader::take_begin_time},
    {"timeout", &DraftReader::take_timeout},
    {"max_try_count", &DraftReader::take_max_try_count},
    {"labels", &DraftReader::take_labels},
}};

/// `mistakes` are those that were made before.
base::Result<JobSpec> judged(const JobDraft& draft, Source source, Mistakes mistakes) {
    check_type(draft.type, mistakes);
    check_args_text(draft.args, mistakes);
    check_kind(draft.kind.value_or("once"), mistakes);
    if (draft.name) {
        check_line("name", *draft.name, kLongestName, mistakes);
    }
    const std::string group = draft.group.value_or(std::string(kDefaultGroup));
    check_line("group", group, kLongestName, mistakes);
    check_description(draft.description.value_or(""), mistakes);
    if (draft.begin_time && *draft.begin_time >= kEndOfTime) {
        mistakes.add("begin_time", "out_of_range", "must be before the year 2200");
    }
    if (draft.timeout && (*draft.timeout <= Duration{0} || *draft.timeout > kLongestTimeout)) {
        mistakes.add("timeout", "out_of_range", "must be more than 0 and at most ten years");
    }
    check_labels(draft.labels, mistakes);
    const Priority priority = checked_priority(draft.priority.value_or("normal"), mistakes);
    const int max_tries = checked_tries(draft.max_try_count.value_or(kDefaultMaxTries), mistakes);
    if (!mistakes.empty()) {
        return std::move(mistakes).error("invalid_job", "the job");
    }
    return JobSpec{.type = draft.type,
                   .args = draft.args,
                   .kind = Kind::Once,
                   .source = source,
                   .name = draft.name,
                   .group = group,
                   .priority = priority,
                   .description = draft.description.value_or(""),
                   .begin_time = draft.begin_time,
                   .timeout = draft.timeout,
                   .max_tries = max_tries,
                   .labels = draft.labels};
}

}  // namespace

base::Result<JobSpec> JobSpec::from(const JobDraft& draft, Source source) {
    return judged(draft, source, {});
}

base::Result<JobSpec> JobSpec::from_json(const base::JsonText& body, Source source) {
    if (!body.value.is_object()) {
        return base::Error{base::ErrorKind::Invalid, "invalid_job",
                           "a job is written as a JSON object"};
    }
    Mistakes mistakes;
    const JobDraft draft = DraftReader(body, mistakes).read();
    return judged(draft, source, std::move(mistakes));
}

}  // namespace jobhost::core
