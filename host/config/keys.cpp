#include "config/keys.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/decimal.hpp"
#include "config/size.hpp"

namespace jobhost::config {

namespace {

using namespace std::chrono_literals;

constexpr std::array<std::pair<std::string_view, base::LogLevel>, 5> kLevels{{
    {"trace", base::LogLevel::Trace},
    {"debug", base::LogLevel::Debug},
    {"info", base::LogLevel::Info},
    {"warn", base::LogLevel::Warn},
    {"error", base::LogLevel::Error},
}};
constexpr std::array<std::pair<std::string_view, base::LogFormat>, 2> kFormats{{
    {"text", base::LogFormat::Text},
    {"json", base::LogFormat::Json},
}};

template <typename T>
void assign(T& target, std::optional<T> value) {
    if (value) {
        target = std::move(*value);
    }
}

void apply_url(Judge& judge, const Value& value, Draft& draft) {
    const auto url = judge.text(value);
    if (!url) {
        return;
    }
    if (url->starts_with("postgresql:") || url->starts_with("postgres:")) {
        judge.refuse(value.place, "not_in_this_version",
                     "names PostgreSQL; this version has the embedded store only",
                     "use \"sqlite:FILE\"");
        return;
    }
    constexpr std::string_view kScheme = "sqlite:";
    if (!url->starts_with(kScheme) || url->size() == kScheme.size()) {
        judge.refuse(value.place, "bad_value", "must be \"sqlite:FILE\"");
        return;
    }
    auto file = value;
    file.data = url->substr(kScheme.size());
    draft.sqlite_file = judge.path(file);
}

void apply_isolation(Judge& judge, const Value& value, Draft&) { judge_isolation(judge, value); }

void apply_auth(Judge& judge, const Value& value, Draft&) {
    const auto mode = judge.text(value);
    if (mode && *mode != "none") {
        judge.refuse(value.place, "not_in_this_version",
                     "must be \"none\": this version has no tokens yet");
    }
}

void apply_level(Judge& judge, const Value& value, Draft& draft) {
    assign(draft.config.log.level, judge.choice(value, kLevels));
}

void apply_format(Judge& judge, const Value& value, Draft& draft) {
    assign(draft.config.log.format, judge.choice(value, kFormats));
}

void apply_target(Judge& judge, const Value& value, Draft& draft) {
    const auto target = judge.text(value);
    constexpr std::string_view kScheme = "file:";
    if (!target || *target == "stderr") {
        assign(draft.config.log.target, target);
        return;
    }
    if (!target->starts_with(kScheme) || target->size() == kScheme.size()) {
        judge.refuse(value.place, "bad_value", "must be \"stderr\" or \"file:PATH\"");
        return;
    }
    auto file = value;
    file.data = target->substr(kScheme.size());
    if (const auto path = judge.path(file)) {
        draft.config.log.target = std::string(kScheme) + path->string();
    }
}

constexpr Judge::DurationRange kRetryDelays{core::kShortestRetryDelay, core::kLongestRetryDelay};
constexpr Judge::DurationRange kAges{1s, 24h * 36'500};

void apply_output_age(Judge& judge, const Value& value, Draft& draft) {
    if (const auto age = judge.duration(value, kAges)) {
        draft.config.retention.output = *age;
    }
}

// The order is that of the shipped file; config/jobhost.toml says more about each.
const std::array kKeys{
    Key{"host", "name", "", TextSetting{[](Draft& d) -> auto& { return d.config.host.name; }},
        "The name of this host in lists and logs. Default: the machine's host name."},
    Key{"host", "data_dir", "",
        PathSetting{[](Draft& d) -> auto& { return d.config.host.data_dir; }},
        "The folder for everything the host writes. Default: the service manager's state folder, "
        "else data beside the file."},
    Key{"host", "timezone", "\"UTC\"",
        ZoneSetting{[](Draft& d) -> auto& { return d.config.host.timezone; }},
        "The time zone of recurring jobs that name none."},
    Key{"host", "labels", "{}",
        LabelsSetting{[](Draft& d) -> auto& { return d.config.host.labels; }},
        "What a job may ask of the host that runs it."},
    Key{"host", "drain_timeout", "\"30s\"",
        DurationSetting{{0s, 24h}, [](Draft& d) -> auto& { return d.config.host.drain_timeout; }},
        "How long a stopping host waits for what runs before it cancels it."},
    Key{"storage", "url", "", OwnSetting{"sqlite:FILE", apply_url},
        "Where jobs are kept. Default: jobhost.db in the data folder."},
    Key{"run", "workers", "8",
        CountSetting{{1, 1024}, [](Draft& d) -> auto& { return d.config.run.workers; }},
        "Attempts that run at the same time and need a thread."},
    Key{"run", "max_waiting", "10000",
        // With all workers that is less than what the board of the store has room for.
        CountSetting{{1, 15'000}, [](Draft& d) -> auto& { return d.config.run.max_waiting; }},
        "Attempts at the same time of runners that need none."},
    Key{"run", "standby", "false",
        YesNoSetting{[](Draft& d) -> auto& { return d.config.run.standby; }},
        "Start without starting attempts, until somebody resumes the host."},
    Key{"run", "cancel_grace", "\"10s\"",
        DurationSetting{{100ms, 1h}, [](Draft& d) -> auto& { return d.config.run.cancel_grace; }},
        "After a cancel, when an attempt that goes on counts as stuck."},
    Key{"retry", "base", "\"50ms\"",
        DurationSetting{kRetryDelays, [](Draft& d) -> auto& { return d.config.run.retry.base; }},
        "The delay before the second try, for jobs whose type names none either."},
    Key{"retry", "factor", "1.5",
        NumberSetting{{core::kLeastRetryFactor, core::kMostRetryFactor},
                      [](Draft& d) -> auto& { return d.config.run.retry.factor; }},
        "How much longer each delay is than the one before; 1 keeps it constant."},
    Key{"retry", "cap", "\"1h\"",
        DurationSetting{kRetryDelays, [](Draft& d) -> auto& { return d.config.run.retry.cap; }},
        "No delay is longer."},
    Key{"retry", "jitter", "0.1",
        NumberSetting{{0, 1}, [](Draft& d) -> auto& { return d.config.run.retry.jitter; }},
        "By what share of itself a delay is moved at random, so that jobs do not return together."},
    Key{"retry", "max_try_count", "50",
        CountSetting{{0, 1'000'000}, [](Draft& d) -> auto& { return d.config.default_tries; }},
        "Failed tries after which a job that names no limit of its own gives up; 0 is never."},
    Key{"planner", "grace", "\"5s\"",
        DurationSetting{{0s, 1h}, [](Draft& d) -> auto& { return d.config.planner.grace; }},
        "By how much an occurrence may be late and still be on time."},
    Key{"retention", "enabled", "true",
        YesNoSetting{[](Draft& d) -> auto& { return d.config.retention.enabled; }},
        "Whether ended jobs are removed at all."},
    Key{"retention", "every", "\"10m\"",
        DurationSetting{{1s, 24h}, [](Draft& d) -> auto& { return d.config.retention.every; }},
        "How often the host looks for what is old enough."},
    Key{"retention", "completed", "\"15d\"",
        DurationSetting{kAges, [](Draft& d) -> auto& { return d.config.retention.completed; }},
        "How long a completed job is kept after its end."},
    Key{"retention", "stopped", "\"90d\"",
        DurationSetting{kAges, [](Draft& d) -> auto& { return d.config.retention.stopped; }},
        "How long a stopped job is kept after its end, one that gave up included."},
    Key{"retention", "output", "", OwnSetting{"duration, 1s to 36500d", apply_output_age},
        "How long the output of an ended job is kept. Default: as long as the job."},
    Key{"retention", "not_run", "\"90d\"",
        DurationSetting{kAges, [](Draft& d) -> auto& { return d.config.retention.not_run; }},
        "How long it is known which occurrences of a recurring job did not run."},
    Key{"retention", "max_finished", "0",
        CountSetting{{0, std::numeric_limits<int>::max()},
                     [](Draft& d) -> auto& { return d.config.retention.max_finished; }},
        "How many ended jobs are kept at most, whatever their age; 0 is any number."},
    Key{"retention", "attempts_per_job", "100",
        CountSetting{{1, 10'000},
                     [](Draft& d) -> auto& { return d.config.retention.attempts_per_job; }},
        "How many of a job's last attempts its run log keeps, besides the first ten."},
    Key{"check", "enabled", "true",
        YesNoSetting{[](Draft& d) -> auto& { return d.config.check.enabled; }},
        "Whether the host looks through its own database for what does not fit together."},
    Key{"check", "every", "\"2h\"",
        DurationSetting{{1s, 24h * 365}, [](Draft& d) -> auto& { return d.config.check.every; }},
        "How often it does."},
    Key{"plugins", "dirs", "",
        FoldersSetting{[](Draft& d) -> auto& { return d.config.plugins.dirs; }},
        "Where plugins are looked for. Default: the plugins folder that belongs to the program."},
    Key{"plugins", "isolation", "\"in_process\"", OwnSetting{"in_process", apply_isolation},
        "Where the code of plugins runs."},
    Key{"plugins", "describe_timeout", "\"2s\"",
        DurationSetting{{100ms, 5min},
                        [](Draft& d) -> auto& { return d.config.plugins.describe_timeout; }},
        "How long a plugin that is new may take to say what it is."},
    Key{"http", "listen", "[\"127.0.0.1:7460\"]",
        AddressesSetting{[](Draft& d) -> auto& { return d.api; }},
        "The addresses of the API, on this machine only as long as [auth] mode is none."},
    Key{"http", "hosts", "[]",
        HostNamesSetting{[](Draft& d) -> auto& { return d.config.http.hosts; }},
        "Further names under which requests may ask for this host."},
    Key{"http", "threads", "16",
        CountSetting{{2, 256}, [](Draft& d) -> auto& { return d.config.http.threads; }},
        "API requests that are answered at the same time."},
    Key{"http", "max_body", "\"1MiB\"",
        SizeSetting{{1024, 64LL * 1024 * 1024},
                    [](Draft& d) -> auto& { return d.config.http.max_body; }},
        "The largest request body."},
    Key{"http", "keep_alive", "\"30s\"",
        DurationSetting{{100ms, 5min}, [](Draft& d) -> auto& { return d.config.http.keep_alive; }},
        "How long an idle connection is kept."},
    Key{"probes", "listen", "[\"127.0.0.1:7461\"]",
        AddressesSetting{[](Draft& d) -> auto& { return d.probes; }},
        "The addresses of health checks and metrics."},
    Key{"auth", "mode", "\"none\"", OwnSetting{"none", apply_auth}, "Who may use the API."},
    Key{"log", "level", "\"info\"", OwnSetting{"trace, debug, info, warn or error", apply_level},
        "The least important lines that are still written."},
    Key{"log", "format", "\"text\"", OwnSetting{"text or json", apply_format},
        "One line per event: for people, or one JSON object."},
    Key{"log", "target", "\"stderr\"", OwnSetting{"stderr or file:PATH", apply_target},
        "Where the log goes."},
};

std::string range_text(const std::string& low, const std::string& high) {
    return ", " + low + " to " + high;
}

/// One overload for each kind of setting.
struct FormText {
    std::string operator()(const TextSetting&) const { return "text"; }
    std::string operator()(const PathSetting&) const { return "path"; }
    std::string operator()(const ZoneSetting&) const { return "time zone"; }
    std::string operator()(const LabelsSetting&) const { return "table of text"; }
    std::string operator()(const HostNamesSetting&) const { return "list of host names"; }
    std::string operator()(const FoldersSetting&) const { return "list of folders"; }
    std::string operator()(const AddressesSetting&) const { return "list of addresses"; }
    std::string operator()(const CountSetting& setting) const {
        return "whole number" + range_text(std::to_string(setting.range.lowest),
                                           std::to_string(setting.range.highest));
    }
    std::string operator()(const NumberSetting& setting) const {
        return "number" + range_text(base::decimal(setting.range.lowest),
                                     base::decimal(setting.range.highest));
    }
    std::string operator()(const YesNoSetting&) const { return "true or false"; }
    std::string operator()(const SizeSetting& setting) const {
        return "size" +
               range_text(format_size(setting.range.lowest), format_size(setting.range.highest));
    }
    std::string operator()(const DurationSetting& setting) const {
        return "duration" + range_text(base::format_duration(setting.range.lowest),
                                       base::format_duration(setting.range.highest));
    }
    std::string operator()(const OwnSetting& setting) const { return std::string(setting.form); }
};

struct Application {
    Judge& judge;
    const Value& value;
    Draft& draft;

    void operator()(const TextSetting& s) const { assign(s.field(draft), judge.text(value)); }
    void operator()(const PathSetting& s) const { assign(s.field(draft), judge.path(value)); }
    void operator()(const ZoneSetting& s) const { assign(s.field(draft), judge.zone(value)); }
    void operator()(const HostNamesSetting& s) const {
        assign(s.field(draft), judge.host_names(value));
    }
    void operator()(const FoldersSetting& s) const { assign(s.field(draft), judge.folders(value)); }
    void operator()(const AddressesSetting& s) const {
        assign(s.field(draft), judge.endpoints(value));
    }
    void operator()(const CountSetting& s) const {
        assign(s.field(draft), judge.integer(value, s.range));
    }
    void operator()(const NumberSetting& s) const {
        assign(s.field(draft), judge.number(value, s.range));
    }
    void operator()(const YesNoSetting& s) const { assign(s.field(draft), judge.yes_no(value)); }
    void operator()(const SizeSetting& s) const {
        assign(s.field(draft), judge.size(value, s.range));
    }
    void operator()(const DurationSetting& s) const {
        assign(s.field(draft), judge.duration(value, s.range));
    }
    void operator()(const OwnSetting& s) const { s.apply(judge, value, draft); }
    /// Labels from outside are added one by one to those of the file.
    void operator()(const LabelsSetting& s) const {
        if (const auto labels = judge.labels(value)) {
            for (const auto& [name, text] : *labels) {
                s.field(draft).insert_or_assign(name, text);
            }
        }
    }
};

}  // namespace

std::string Key::full_name() const { return std::string(section) + "." + std::string(name); }

std::string Key::form() const { return std::visit(FormText{}, setting); }

void Key::apply(Judge& judge, const Value& value, Draft& draft) const {
    std::visit(Application{judge, value, draft}, setting);
}

std::span<const Key> keys() { return kKeys; }

const Key* find_key(std::string_view section, std::string_view name) {
    const auto found = std::ranges::find_if(
        kKeys, [&](const Key& key) { return key.section == section && key.name == name; });
    return found == kKeys.end() ? nullptr : &*found;
}

std::vector<std::string_view> section_names() {
    std::vector<std::string_view> names;
    for (const auto& key : kKeys) {
        if (names.empty() || names.back() != key.section) {
            names.push_back(key.section);
        }
    }
    return names;
}

std::vector<std::string_view> key_names(std::string_view section) {
    std::vector<std::string_view> names;
    for (const auto& key : kKeys) {
        if (key.section == section) {
            names.push_back(key.name);
        }
    }
    return names;
}

void judge_isolation(Judge& judge, const Value& value) {
    constexpr std::array<std::pair<std::string_view, bool>, 1> kModes{{{"in_process", true}}};
    const auto* word = value.text();
    if (word != nullptr && (*word == "child" || *word == "per_job")) {
        judge.refuse(value.place, "not_in_this_version",
                     "must be \"in_process\": this version runs plugins in-process only");
        return;
    }
    static_cast<void>(judge.choice(value, kModes));
}

}  // namespace jobhost::config
