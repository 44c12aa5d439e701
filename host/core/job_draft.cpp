#include "core/job_draft.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <variant>

#include "base/nearest.hpp"
#include "base/quote.hpp"
#include "core/seconds.hpp"

namespace jobhost::core {

namespace {

/// More than any limit of a job, and small enough to be counted in milliseconds.
constexpr double kMostSeconds = 1e9;

class DraftReader {
public:
    DraftReader(const base::JsonText& body, Mistakes& mistakes, JobDraft draft)
        : body_(body), mistakes_(mistakes), draft_(std::move(draft)) {}

    /// What could be read; the rest is in the mistakes.
    JobDraft read() {
        for (const auto& [key, value] : body_.value.get_object()) {
            const auto row = std::ranges::find(kMembers, std::string_view(key), &Member::name);
            if (row == kMembers.end()) {
                unknown(key);
            } else if (!value.is_null()) {
                std::visit([&](auto field) { take(std::string(key), value, field); }, row->field);
            }
        }
        return std::move(draft_);
    }

private:
    using Text = std::optional<std::string> JobDraft::*;
    using Time = std::optional<Instant> JobDraft::*;
    using Seconds = std::optional<Duration> JobDraft::*;
    using Number = std::optional<std::int64_t> JobDraft::*;
    using Other = void (DraftReader::*)(const std::string& path, const base::Json& value);

    struct Member {
        std::string_view name;
        std::variant<Text, Time, Seconds, Number, Other> field;
    };
    static const std::array<Member, 30> kMembers;

    void take(const std::string& path, const base::Json& value, Text field) {
        draft_.*field = text(path, value);
    }

    void take(const std::string& path, const base::Json& value, Time field) {
        const auto written = text(path, value);
        if (!written) {
            return;
        }
        const auto instant = base::parse_instant(*written);
        if (!instant) {
            mistakes_.add(path, "wrong_type", instant.error().message);
            return;
        }
        draft_.*field = *instant;
    }

    /// Rounds up, so that a little is never nothing.
    void take(const std::string& path, const base::Json& value, Seconds field) {
        if (!value.is_number()) {
            mistakes_.add(path, "wrong_type", "must be a number of seconds");
            return;
        }
        const double seconds = std::clamp(value.to_number<double>(), -kMostSeconds, kMostSeconds);
        // Less than nothing stays that.
        draft_.*field = seconds < 0 ? -from_seconds(-seconds) : from_seconds(seconds);
    }

    void take(const std::string& path, const base::Json& value, Number field) {
        if (!value.is_int64()) {
            const bool large = value.is_uint64();
            mistakes_.add(path, large ? "out_of_range" : "wrong_type",
                          large ? "is too large" : "must be a whole number");
            return;
        }
        draft_.*field = value.get_int64();
    }

    void take(const std::string& path, const base::Json& value, Other how) {
        (this->*how)(path, value);
    }

    void take_type(const std::string& path, const base::Json& value) {
        draft_.type = text(path, value).value_or("");
    }

    void take_args(const std::string& path, const base::Json& value) {
        if (!value.is_object()) {
            mistakes_.add(path, "wrong_type", "must be an object");
        }
        draft_.args = std::string(body_.member(path));
    }

    void take_retry(const std::string& path, const base::Json& value) {
        draft_.retry = read_retry(path, value, mistakes_);
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

    void take_calendars(const std::string& path, const base::Json& value) {
        if (!value.is_array()) {
            mistakes_.add(path, "wrong_type", "must be a list of texts");
            return;
        }
        draft_.calendars.emplace();
        for (const auto& item : value.get_array()) {
            const auto at = std::to_string(draft_.calendars->size());
            draft_.calendars->push_back(text(path + '[' + at + ']', item).value_or(""));
        }
    }

    void take_enabled(const std::string& path, const base::Json& value) {
        if (!value.is_bool()) {
            mistakes_.add(path, "wrong_type", "must be true or false");
            return;
        }
        draft_.enabled = value.get_bool();
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

const std::array<DraftReader::Member, 30> DraftReader::kMembers{{
    {"type", &DraftReader::take_type},
    {"args", &DraftReader::take_args},
    {"kind", &JobDraft::kind},
    {"name", &JobDraft::name},
    {"group", &JobDraft::group},
    {"priority", &JobDraft::priority},
    {"description", &JobDraft::description},
    {"creator", &JobDraft::creator},
    {"unique_key", &JobDraft::unique_key},
    {"node_name", &JobDraft::node_name},
    {"begin_time", &JobDraft::begin_time},
    {"timeout", &JobDraft::timeout},
    {"max_try_count", &JobDraft::max_try_count},
    {"retry", &DraftReader::take_retry},
    {"labels", &DraftReader::take_labels},
    {"enabled", &DraftReader::take_enabled},
    {"cron", &JobDraft::cron},
    {"cron_days", &JobDraft::cron_days},
    {"time_zone", &JobDraft::time_zone},
    {"interval", &JobDraft::interval},
    {"end_time", &JobDraft::end_time},
    {"max_count", &JobDraft::max_count},
    {"misfire", &JobDraft::misfire},
    {"misfire_limit", &JobDraft::misfire_limit},
    {"catch_up", &JobDraft::catch_up},
    {"overlap", &JobDraft::overlap},
    {"lock_timeout", &JobDraft::lock_timeout},
    {"jitter", &JobDraft::jitter},
    {"occurrence_tries", &JobDraft::occurrence_tries},
    {"calendars", &DraftReader::take_calendars},
}};

}  // namespace

JobDraft read_draft(const base::JsonText& object, Mistakes& mistakes, JobDraft draft) {
    return DraftReader(object, mistakes, std::move(draft)).read();
}

}  // namespace jobhost::core
