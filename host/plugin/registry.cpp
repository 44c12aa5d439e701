#include "plugin/registry.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "plugin/c_border.hpp"
#include "plugin/description_cache.hpp"
#include "plugin/loaded_plugin.hpp"
#include "plugin/refusal.hpp"
#include "plugin/stage.hpp"

namespace jobhost::plugin {

namespace {

using base::Error;
using base::ErrorKind;
using base::LogLevel;
using base::Result;
using base::Unit;

constexpr std::string_view kPart = "plugin";

Result<std::vector<std::filesystem::path>> libraries_in(const std::filesystem::path& dir) {
    std::vector<std::filesystem::path> libraries;
    std::error_code error;
    std::filesystem::directory_iterator at(dir, error);
    for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
        if (at->path().extension() == ".so") {
            libraries.push_back(at->path());
        }
    }
    if (error) {
        return Error{ErrorKind::Unavailable, "plugin_dir",
                     "cannot read the plugin folder " + dir.string() + ": " + error.message()};
    }
    std::ranges::sort(libraries);
    return libraries;
}

std::string joined(const std::vector<std::string>& sentences) {
    std::string text;
    for (const auto& sentence : sentences) {
        text += (text.empty() ? "" : "; ") + sentence;
    }
    return text;
}

}  // namespace

/// Filled while loading, and not changed after it.
struct Registry::State {
    struct Entry {
        PluginStatus status;
        std::shared_ptr<LoadedPlugin> plugin;  ///< kept when refused, too: its code may still run
    };
    struct Brought {
        std::shared_ptr<core::Runner> runner;
        std::filesystem::path file;
    };

    std::vector<Entry> entries;
    std::map<std::string, Brought, std::less<>> runners;
    Types types;
    base::Duration stop_timeout{};
};

/// The way of each library from a file to runners.
class Registry::Loading {
public:
    Loading(const Options& options, const HostIdentity& host, Stage stage, Describer& describer)
        : options_(options),
          host_(host),
          stage_(std::move(stage)),
          cache_(options.stage_dir / "descriptions", describer) {
        state_->stop_timeout = options.stop_timeout;
    }

    /// Fails when the host is at fault; a refusal is noted, and the next one follows.
    Result<Unit> take(const std::filesystem::path& file) {
        State::Entry entry;
        entry.status.file = file;
        auto taken = bring_up(entry);
        if (!taken && taken.error().kind == ErrorKind::Unavailable) {
            return taken;
        }
        if (taken) {
            entry.status.active = true;
            publish(entry);
        } else {
            entry.status.reason = taken.error().message;
            entry.status.types.clear();
        }
        tell(entry.status);
        state_->entries.push_back(std::move(entry));
        return base::done();
    }

    std::unique_ptr<State> finish() {
        for (const auto& wanted : options_.plugins) {
            const bool there = std::ranges::any_of(
                state_->entries, [&](const auto& entry) { return entry.status.id == wanted.id; });
            if (!there) {
                State::Entry missing;
                missing.status.id = wanted.id;
                missing.status.reason = "no library in the plugin folders has this id";
                tell(missing.status);
                state_->entries.push_back(std::move(missing));
            }
        }
        std::vector<core::TypeInfo> types;
        for (const auto& [id, brought] : state_->runners) {
            types.push_back(brought.runner->type());
        }
        state_->types = std::make_shared<const std::vector<core::TypeInfo>>(std::move(types));
        return std::move(state_);
    }

private:
    Result<Unit> bring_up(State::Entry& entry) {
        auto staged = stage_.take(entry.status.file);
        if (!staged) {
            return std::move(staged).error();
        }
        entry.status.digest = staged->digest;
        auto described = cache_.describe(*staged);
        if (!described) {
            return std::move(described).error();
        }
        note(entry.status, *described);
        if (auto conflict = conflict_of(entry.status)) {
            return *std::move(conflict);
        }
        return start(entry, *std::move(staged), *std::move(described));
    }

    static void note(PluginStatus& status, const PluginDescription& description) {
        status.id = description.id;
        status.version = description.version;
        status.min_level = description.min_level;
        status.target_level = description.target_level;
        status.reduced = description.target_level > static_cast<int>(kHostLevel);
        status.reason = joined(description.warnings);
        for (const auto& type : description.types) {
            status.types.push_back(type.id);
        }
    }

    /// Who came first has the name.
    std::optional<Error> conflict_of(const PluginStatus& status) const {
        for (const auto& entry : state_->entries) {
            if (entry.status.active && entry.status.id == status.id) {
                return refused("it has the id `" + status.id + "` of " +
                               entry.status.file.string() + ", which was loaded first");
            }
        }
        for (const auto& type : status.types) {
            if (const auto found = state_->runners.find(type); found != state_->runners.end()) {
                return refused("it brings the runner `" + type + "`, which " +
                               found->second.file.string() + " has brought already");
            }
        }
        return std::nullopt;
    }

    Result<Unit> start(State::Entry& entry, StagedLibrary staged, PluginDescription description) {
        if (!blocking_file_.empty()) {
            return not_loadable("it was not tried, since the constructors of " +
                                blocking_file_.string() + " hold up the loader");
        }
        Start how{.library = std::move(staged),
                  .description = std::move(description),
                  .config_json = config_of(entry.status.id),
                  .host_version = host_.version,
                  .number = static_cast<std::uint32_t>(state_->entries.size() + 1),
                  .init_timeout = options_.init_timeout};
        entry.plugin = std::make_shared<LoadedPlugin>(std::move(how));
        auto started = LoadedPlugin::start(entry.plugin);
        if (!started && started.error().code == kLoaderBlocked) {
            blocking_file_ = entry.status.file;
        }
        return started;
    }

    std::string config_of(const std::string& id) const {
        const auto found = std::ranges::find(options_.plugins, id, &PluginOptions::id);
        return found == options_.plugins.end() ? "{}" : found->config_json;
    }

    /// The runners keep their plugin alive.
    void publish(const State::Entry& entry) {
        for (const auto& runner : entry.plugin->runners()) {
            const std::shared_ptr<core::Runner> shared(entry.plugin, runner.get());
            state_->runners.emplace(runner->type().id, State::Brought{shared, entry.status.file});
        }
    }

    static void tell(const PluginStatus& status) {
        const auto name = status.id.empty() ? status.file.filename().string() : status.id;
        if (!status.active) {
            base::log(LogLevel::Warn, kPart, "plugin " + name + " is refused: " + status.reason,
                      {{"plugin", status.id}, {"file", status.file.string()}});
            return;
        }
        base::log(LogLevel::Info, kPart,
                  "plugin " + name + " " + status.version + " is loaded" +
                      (status.reduced ? ", without what is newer than this host" : ""),
                  {{"plugin", status.id}, {"file", status.file.string()}});
        if (!status.reason.empty()) {
            base::log(LogLevel::Warn, kPart, status.reason, {{"plugin", status.id}});
        }
    }

    const Options& options_;
    const HostIdentity& host_;
    Stage stage_;
    DescriptionCache cache_;
    std::unique_ptr<State> state_ = std::make_unique<State>();
    std::filesystem::path blocking_file_;
};

Registry::Registry(std::unique_ptr<State> state) : state_(std::move(state)) {}

Registry::~Registry() { shut_down(); }

Result<std::unique_ptr<Registry>> Registry::load(const Options& options,
                                                 const HostIdentity& host,
                                                 Describer& describer) {
    auto stage = Stage::open(options.stage_dir);
    if (!stage) {
        return std::move(stage).error();
    }
    Loading loading(options, host, *std::move(stage), describer);
    for (const auto& dir : options.dirs) {
        const auto libraries = libraries_in(dir);
        if (!libraries) {
            return libraries.error();
        }
        for (const auto& library : *libraries) {
            if (auto taken = loading.take(library); !taken) {
                return std::move(taken).error();
            }
        }
    }
    return std::unique_ptr<Registry>(new Registry(loading.finish()));
}

std::shared_ptr<core::Runner> Registry::find(std::string_view type) const {
    const auto found = state_->runners.find(type);
    return found == state_->runners.end() ? nullptr : found->second.runner;
}

core::RunnerSource::Types Registry::types() const { return state_->types; }

std::vector<PluginStatus> Registry::plugins() const {
    std::vector<PluginStatus> statuses;
    for (const auto& entry : state_->entries) {
        auto status = entry.status;
        status.misbehaved = entry.plugin == nullptr ? 0 : entry.plugin->conduct().broken_rules();
        statuses.push_back(std::move(status));
    }
    return statuses;
}

void Registry::shut_down() {
    for (const auto& entry : state_->entries) {
        if (entry.status.active) {
            LoadedPlugin::stop(entry.plugin, state_->stop_timeout);
        }
    }
}

}  // namespace jobhost::plugin
