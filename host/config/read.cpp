#include "config/read.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/nearest.hpp"
#include "base/quote.hpp"
#include "config/calendar_tables.hpp"
#include "config/classify_tables.hpp"
#include "config/combinations.hpp"
#include "config/job_tables.hpp"
#include "config/judge.hpp"
#include "config/keys.hpp"
#include "config/overrides.hpp"
#include "config/plugin_tables.hpp"
#include "config/preset_tables.hpp"
#include "config/problem.hpp"
#include "config/substitute.hpp"
#include "config/text_file.hpp"
#include "config/toml_text.hpp"

namespace jobhost::config {

namespace {

constexpr std::string_view kPluginTables = "plugin";
constexpr std::string_view kClassifyTables = "classify";
constexpr std::string_view kCalendarTables = "calendar";
constexpr std::string_view kPresetTables = "preset";
constexpr std::string_view kJobTables = "job";

class Reader {
public:
    explicit Reader(const Inputs& inputs)
        : inputs_(inputs),
          file_(std::filesystem::path(inputs.working_dir / inputs.file).lexically_normal()),
          folders_{file_.parent_path(), inputs.working_dir},
          source_{inputs.file.string(), ""} {}

    base::Result<HostConfig> read() {
        auto text = read_text_file(file_, kLargestConfig);
        if (!text) {
            return to_error({{Place{}, text.error().code, text.error().message}}, source_);
        }
        source_.text = std::move(*text);
        set_defaults();
        read_file();
        read_overrides();
        judge_jobs();
        std::ranges::move(judge_combinations(draft_), std::back_inserter(problems_));
        if (!problems_.empty()) {
            return to_error(std::move(problems_), source_);
        }
        return finished();
    }

private:
    void set_defaults() {
        auto& config = draft_.config;
        config.file = file_;
        config.host.name = inputs_.machine_name;
        config.host.data_dir = default_data_dir();
        config.plugins.dirs = default_plugin_dirs();
        for (const auto& endpoint : config.http.listen) {
            draft_.api.push_back({endpoint, Place{}});
        }
        for (const auto& endpoint : config.http.probes_listen) {
            draft_.probes.push_back({endpoint, Place{}});
        }
    }

    /// systemd gives a list when a service has several state folders; the first is the service's.
    [[nodiscard]] std::filesystem::path default_data_dir() const {
        const auto found = inputs_.environment.find("STATE_DIRECTORY");
        if (found != inputs_.environment.end() && !found->second.empty()) {
            return found->second.substr(0, found->second.find(':'));
        }
        return folders_.file / "data";
    }

    /// Where the build and the installation put the shipped plugins, seen from the program.
    [[nodiscard]] std::vector<std::filesystem::path> default_plugin_dirs() const {
        for (const auto* folder : {"../lib/jobhost/plugins", "../plugins"}) {
            auto path = (inputs_.program_dir / folder).lexically_normal();
            std::error_code ignored;
            if (std::filesystem::is_directory(path, ignored)) {
                return {std::move(path)};
            }
        }
        return {};
    }

    void read_file() {
        auto toml = read_toml(source_.text);
        complete_ = toml.problems.empty();
        std::ranges::move(toml.problems, std::back_inserter(problems_));
        std::ranges::move(substitute(toml.root, inputs_.environment, folders_.file),
                          std::back_inserter(problems_));
        for (const auto& section : toml.root) {
            if (section.key == kPluginTables) {
                draft_.config.plugins.plugins =
                    read_plugin_tables(section, complete_, folders_, problems_);
            } else if (section.key == kClassifyTables) {
                draft_.config.run.classify =
                    read_classify_tables(section, complete_, folders_, problems_);
            } else if (section.key == kCalendarTables) {
                calendars_ = read_calendar_tables(section, complete_, folders_, problems_);
            } else if (section.key == kPresetTables) {
                draft_.config.presets = read_preset_tables(section, complete_, problems_);
            } else if (section.key == kJobTables) {
                job_tables_ = section;
            } else {
                read_section(section);
            }
        }
    }

    /// Once it is known what jobs get that do not say it themselves, from wherever that came.
    void judge_jobs() {
        auto& config = draft_.config;
        const bool calendars_are_whole = problems_.empty();
        if (calendars_are_whole) {
            config.calendars = make_calendars(calendars_, config.host.timezone);
        }
        if (job_tables_) {
            config.jobs =
                read_job_tables(*job_tables_, complete_,
                                {.time_zone = config.host.timezone,
                                 .max_tries = config.default_tries,
                                 .calendars = calendars_are_whole ? &config.calendars : nullptr,
                                 .presets = config.presets},
                                problems_);
        }
    }

    void read_section(const Entry& section) {
        auto names = section_names();
        if (std::ranges::find(names, section.key) == names.end()) {
            names.push_back(kPluginTables);
            names.push_back(kClassifyTables);
            names.push_back(kCalendarTables);
            names.push_back(kPresetTables);
            names.push_back(kJobTables);
            problems_.push_back({section.place, "unknown_section",
                                 "unknown section [" + section.key + "]",
                                 base::did_you_mean(section.key, names)});
            return;
        }
        const auto* table = section.value.table();
        if (table == nullptr) {
            problems_.push_back({section.place, "wrong_type",
                                 section.key + " must be a section, and this is " +
                                     std::string(kind_name(section.value)),
                                 "write [" + section.key + "]"});
            return;
        }
        for (const auto& entry : *table) {
            read_key(section.key, entry);
        }
    }

    void read_key(const std::string& section, const Entry& entry) {
        if (const auto* key = find_key(section, entry.key)) {
            if (!entry.value.broken) {
                apply(*key, entry.value);
            }
            return;
        }
        problems_.push_back({entry.place, "unknown_key",
                             "unknown key " + base::in_quotes(entry.key) + " in [" + section + "]",
                             key_hint(section, entry.key)});
    }

    /// The nearest key of this section, else the section in which a key of this name stands.
    [[nodiscard]] static std::string key_hint(std::string_view section, std::string_view name) {
        for (const auto& key : keys()) {
            if (key.name == name) {
                return "it stands in [" + std::string(key.section) + "]";
            }
        }
        return base::did_you_mean(name, key_names(section));
    }

    void read_overrides() {
        auto outside = overrides(inputs_.environment, inputs_.sets);
        std::ranges::move(outside.problems, std::back_inserter(problems_));
        for (const auto& setting : outside.winning) {
            read_override(setting);
        }
        refuse_near_variables();
    }

    /// JOBHOST_RUN_WORKERS would be passed over in silence, like any variable that is no setting.
    void refuse_near_variables() {
        for (const auto& key : keys()) {
            const auto name = variable_of(key.full_name());
            auto near = name;
            near.erase(near.find("__"), 1);
            if (inputs_.environment.contains(near)) {
                problems_.push_back({{0, 0, 1, near},
                                     "unknown_key",
                                     "this is no setting",
                                     "did you mean \"" + name + "\"?"});
            }
        }
    }

    void read_override(const Override& setting) {
        const auto dot = setting.key.find('.');
        const auto section = setting.key.substr(0, dot);
        const auto rest = dot == std::string::npos ? std::string() : setting.key.substr(dot + 1);
        const auto name = rest.substr(0, rest.find('.'));
        const auto* key = find_key(section, name);
        const bool one_label = key != nullptr && name.size() < rest.size() &&
                               std::holds_alternative<LabelsSetting>(key->setting);
        Value value{setting.text, setting.place, true};
        if (one_label) {
            value.data = Table{{rest.substr(name.size() + 1), setting.place, value}};
        }
        if (key == nullptr || (name.size() < rest.size() && !one_label)) {
            problems_.push_back({setting.place, "unknown_key", "there is no setting " + setting.key,
                                 override_hint(setting)});
            return;
        }
        apply(*key, value);
    }

    /// The nearest setting, in the way in which the wrong one was written.
    [[nodiscard]] static std::string override_hint(const Override& setting) {
        const bool variable = setting.place.origin.starts_with("JOBHOST_");
        std::vector<std::string> names;
        for (const auto& key : keys()) {
            names.push_back(variable ? variable_of(key.full_name()) : key.full_name());
        }
        return base::did_you_mean(variable ? setting.place.origin : setting.key, names);
    }

    void apply(const Key& key, const Value& value) {
        Judge judge(key.full_name(), folders_, problems_);
        key.apply(judge, value, draft_);
    }

    HostConfig finished() {
        auto& config = draft_.config;
        const auto endpoint = [](const PlacedEndpoint& placed) { return placed.endpoint; };
        config.http.listen.clear();
        std::ranges::transform(draft_.api, std::back_inserter(config.http.listen), endpoint);
        config.http.probes_listen.clear();
        std::ranges::transform(draft_.probes, std::back_inserter(config.http.probes_listen),
                               endpoint);
        config.sqlite_file = draft_.sqlite_file.value_or(config.host.data_dir / "jobhost.db");
        config.plugins.stage_dir = config.host.data_dir / "plugins";
        return std::move(config);
    }

    const Inputs& inputs_;
    std::filesystem::path file_;
    Folders folders_;
    Source source_;
    Draft draft_;
    std::vector<CalendarTable> calendars_;
    std::optional<Entry> job_tables_;
    bool complete_ = true;  ///< the text could be read to its end
    std::vector<Problem> problems_;
};

}  // namespace

base::Result<HostConfig> read(const Inputs& inputs) { return Reader(inputs).read(); }

}  // namespace jobhost::config
