#include "core/recurrence_rules.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "base/nearest.hpp"
#include "base/quote.hpp"
#include "base/utf8.hpp"

namespace jobhost::core {

namespace {

constexpr std::size_t kLongestCron = 100;
constexpr Duration kShortestInterval = std::chrono::seconds(1);
constexpr Duration kLongestInterval = std::chrono::years(10);
constexpr Duration kLongestJitter = std::chrono::hours(24);
constexpr std::int64_t kMostTries = 1'000'000;
constexpr std::int64_t kMostLateRuns = 1'000;
constexpr std::int64_t kMostOccurrences = std::numeric_limits<std::int64_t>::max() / 2;

/// What a draft gives for one of the words that a setting knows.
template <typename Value, std::size_t Size>
Value word(const std::optional<std::string>& text,
           const std::string& path,
           const std::array<std::string_view, Size>& words,
           std::optional<Value> (*from)(std::string_view),
           Value usual,
           Mistakes& mistakes) {
    const auto known = text ? from(*text) : std::optional(usual);
    if (!known) {
        std::string message = "must be";
        for (std::size_t i = 0; i < Size; ++i) {
            message += (i == 0 ? " " : i + 1 < Size ? ", " : " or ") + std::string(words[i]);
        }
        const std::string hint = base::did_you_mean(*text, words);
        mistakes.add(path, "not_allowed", message + (hint.empty() ? "" : "; " + hint));
    }
    return known.value_or(usual);
}

class Judge {
public:
    Judge(const JobDraft& draft, Kind kind, Mistakes& mistakes)
        : draft_(draft), kind_(kind), mistakes_(mistakes) {}

    /// A once-job, and each kind of recurring job, has settings that it cannot have.
    void check_foreign() {
        if (draft_.cron && draft_.interval && !draft_.kind) {
            mistakes_.add("interval", "not_allowed",
                          "says another thing than cron; give one of them");
            return;
        }
        const bool once = kind_ == Kind::Once;
        refuse_if(draft_.cron && kind_ != Kind::Period, "cron", "only for kind \"period\"");
        refuse_if(draft_.cron_days && kind_ != Kind::Period, "cron_days",
                  "only for kind \"period\"");
        refuse_if(draft_.interval && kind_ != Kind::Persistent, "interval",
                  "only for kind \"persistent\"");
        const std::string recurring = "only for recurring jobs: kind \"period\" or \"persistent\"";
        refuse_if(once && draft_.time_zone, "time_zone", recurring);
        refuse_if(once && draft_.max_count, "max_count", recurring);
        refuse_if(once && draft_.misfire, "misfire", recurring);
        refuse_if(once && draft_.misfire_limit, "misfire_limit", recurring);
        refuse_if(once && draft_.catch_up, "catch_up", recurring);
        refuse_if(once && draft_.overlap, "overlap", recurring);
        refuse_if(once && draft_.lock_timeout, "lock_timeout", recurring);
        refuse_if(once && draft_.jitter, "jitter", recurring);
        refuse_if(once && draft_.occurrence_tries, "occurrence_tries", recurring);
        refuse_if(once && draft_.calendars, "calendars", recurring);
    }

    Recurrence judge(int max_tries, const std::string& host_zone) {
        Recurrence recurrence;
        recurrence.time_zone = zone(host_zone);
        recurrence.days =
            word(draft_.cron_days, "cron_days", std::array<std::string_view, 2>{"either", "both"},
                 cron_days_from, CronDays::Either, mistakes_);
        if (kind_ == Kind::Period) {
            recurrence.cron = cron(recurrence.days);
        } else {
            recurrence.interval = duration(draft_.interval.value_or(kDefaultInterval), "interval",
                                           kShortestInterval, kLongestInterval);
        }
        recurrence.end_time = draft_.end_time;
        recurrence.max_count = number(draft_.max_count.value_or(0), "max_count", kMostOccurrences);
        late(recurrence);
        overlapping(recurrence);
        recurrence.jitter =
            duration(draft_.jitter.value_or(Duration{0}), "jitter", Duration{0}, kLongestJitter);
        const std::int64_t usual = kind_ == Kind::Period ? 1 : max_tries;
        recurrence.occurrence_tries = static_cast<int>(
            number(draft_.occurrence_tries.value_or(usual), "occurrence_tries", kMostTries));
        recurrence.calendars = draft_.calendars.value_or(std::vector<std::string>());
        return recurrence;
    }

private:
    void refuse_if(bool given, const char* path, const std::string& message) {
        if (given) {
            mistakes_.add(path, "not_allowed", message);
        }
    }

    std::int64_t number(std::int64_t value, const char* path, std::int64_t most) {
        if (value < 0 || value > most) {
            mistakes_.add(path, "out_of_range",
                          "must be between 0 (unlimited) and " + std::to_string(most));
            return 0;
        }
        return value;
    }

    Duration duration(Duration value, const char* path, Duration least, Duration most) {
        if (value < least || value > most) {
            mistakes_.add(path, "out_of_range",
                          "must be between " + base::format_duration(least) + " and " +
                              base::format_duration(most));
            return least;
        }
        return value;
    }

    std::string zone(const std::string& host_zone) {
        std::string name = draft_.time_zone.value_or(host_zone);
        if (const auto loaded = schedule::TimeZone::load(name); !loaded) {
            mistakes_.add("time_zone", loaded.error().code, loaded.error().message);
        }
        return name;
    }

    std::string cron(CronDays days) {
        if (!draft_.cron) {
            mistakes_.add("cron", "required", "say when to run, for example \"0 3 * * *\"");
            return {};
        }
        if (draft_.cron->size() > kLongestCron) {
            mistakes_.add("cron", "too_long", "must have at most 100 characters");
            return {};
        }
        const auto parsed = schedule::Cron::parse(*draft_.cron, days);
        if (!parsed) {
            mistakes_.add("cron", parsed.error().code, parsed.error().message);
        } else if (!parsed->can_fire()) {
            mistakes_.add("cron", "never", base::in_quotes(*draft_.cron) + " can never come true");
        }
        return *draft_.cron;
    }

    void late(Recurrence& recurrence) {
        recurrence.misfire = word(draft_.misfire, "misfire",
                                  std::array<std::string_view, 3>{"run_latest", "run_all", "skip"},
                                  misfire_from, Misfire::RunLatest, mistakes_);
        refuse_if(draft_.misfire_limit && recurrence.misfire != Misfire::RunAll, "misfire_limit",
                  "only for misfire \"run_all\"");
        const std::int64_t limit = draft_.misfire_limit.value_or(kDefaultMisfireLimit);
        if (limit < 1 || limit > kMostLateRuns) {
            mistakes_.add("misfire_limit", "out_of_range", "must be between 1 and 1000");
        } else {
            recurrence.misfire_limit = static_cast<int>(limit);
        }
        if (draft_.catch_up) {
            recurrence.catch_up =
                duration(*draft_.catch_up, "catch_up", Duration{0}, kLongestInterval);
        }
    }

    void overlapping(Recurrence& recurrence) {
        recurrence.overlap =
            word(draft_.overlap, "overlap",
                 std::array<std::string_view, 4>{"skip", "buffer_one", "cancel_other", "allow"},
                 overlap_from, Overlap::Skip, mistakes_);
        recurrence.lock_timeout = duration(draft_.lock_timeout.value_or(Duration{0}),
                                           "lock_timeout", Duration{0}, kLongestInterval);
        refuse_if(recurrence.lock_timeout > Duration{0} && recurrence.overlap == Overlap::Allow,
                  "lock_timeout", "forbids what overlap \"allow\" allows; leave one of them out");
    }

    const JobDraft& draft_;
    Kind kind_;
    Mistakes& mistakes_;
};

bool is_calendar_name(const std::string& name) {
    return !name.empty() && base::is_clean_utf8(name) && !base::has_control_characters(name) &&
           base::count_characters(name) <= kLongestCalendarName;
}

std::string unknown_calendar(const std::string& name, const Calendars& known) {
    const auto names = known.names();
    const std::string hint = base::did_you_mean(name, names);
    return "the host's config has no calendar " + base::in_quotes(name) +
           (hint.empty() ? "" : "; " + hint);
}

}  // namespace

std::optional<Kind> kind_of(const JobDraft& draft) {
    if (draft.kind) {
        return kind_from(*draft.kind);
    }
    return draft.cron ? Kind::Period : draft.interval ? Kind::Persistent : Kind::Once;
}

void check_calendars(const std::vector<std::string>& names,
                     const Calendars* known,
                     Mistakes& mistakes) {
    if (names.size() > kMostCalendars) {
        mistakes.add("calendars", "too_long", "must be at most " + std::to_string(kMostCalendars));
        return;
    }
    for (auto name = names.begin(); name != names.end(); ++name) {
        const std::string path = "calendars[" + std::to_string(name - names.begin()) + "]";
        if (!is_calendar_name(*name)) {
            mistakes.add(path, "not_allowed",
                         "must be the name of a calendar, 1 to " +
                             std::to_string(kLongestCalendarName) + " characters");
        } else if (std::find(names.begin(), name, *name) != name) {
            mistakes.add(path, "duplicate", "is named before");
        } else if (known != nullptr && known->find(*name) == nullptr) {
            mistakes.add(path, "unknown", unknown_calendar(*name, *known));
        }
    }
}

std::optional<Recurrence> judge_recurrence(const JobDraft& draft,
                                           Kind kind,
                                           int max_tries,
                                           const std::string& host_zone,
                                           Mistakes& mistakes) {
    Judge judge(draft, kind, mistakes);
    judge.check_foreign();
    if (kind == Kind::Once) {
        return std::nullopt;
    }
    return judge.judge(max_tries, host_zone);
}

}  // namespace jobhost::core
