#include "plugin/loaded_plugin.hpp"

#include <string_view>
#include <utility>

#include "base/log.hpp"
#include "plugin/border_runner.hpp"
#include "plugin/bounded_call.hpp"
#include "plugin/crossing.hpp"
#include "plugin/descriptor.hpp"
#include "plugin/process_state.hpp"
#include "plugin/refusal.hpp"

namespace jobhost::plugin {

namespace {

using base::Error;
using base::Result;
using base::Unit;

constexpr const char* kThread = "jh-loader";

/// The first part in which two descriptions differ; nothing when they are equal.
std::string_view difference(const PluginDescription& one, const PluginDescription& other) {
    if (one.id != other.id) {
        return "id";
    }
    if (one.version != other.version) {
        return "version";
    }
    if (one.types != other.types) {
        return "runners";
    }
    if (one.handlers != other.handlers) {
        return "handlers";
    }
    if (one.schedules != other.schedules) {
        return "schedules";
    }
    return one == other ? "" : "levels, texts or flags";
}

Error judged_init(jh_rc returned, Call& call) {
    if (returned != JH_FAILED) {
        return not_loadable("its init returned " + std::to_string(returned) +
                            ", which is no outcome");
    }
    const auto reason = call.reason.with([](const auto& told) { return told; });
    return not_loadable(reason ? "its init failed: " + reason->message
                               : "its init failed and told no reason");
}

}  // namespace

LoadedPlugin::LoadedPlugin(Start how)
    : how_(std::move(how)),
      conduct_(how_.description.id, how_.description.version),
      border_(how_.host_version, how_.number, conduct_) {}

Result<Unit> LoadedPlugin::start(const std::shared_ptr<LoadedPlugin>& plugin) {
    const auto result = std::make_shared<Result<Unit>>(base::done());  // the thread may outlive us
    const auto before = ProcessState::now();
    const bool returned = call_within(plugin->how_.init_timeout, kThread,
                                      [plugin, result] { *result = plugin->run_start(); });
    for (const auto& changed : before.restore()) {
        plugin->conduct_.broke_rule(changed + " while it was loaded; that is undone");
    }
    return returned ? *result : Result<Unit>(plugin->late());
}

Result<Unit> LoadedPlugin::run_start() {
    const auto entry = map_library(how_.library.file);
    if (!entry) {
        return entry.error();
    }
    if (!goes_on(Stage::Mapping, Stage::Entering)) {
        return not_loadable("it was given up");
    }
    const auto live = enter(*entry);
    if (!live) {
        return live.error();
    }
    if (!goes_on(Stage::Entering, Stage::Initialising)) {
        return not_loadable("it was given up");
    }
    plugin_ = live->plugin;
    if (auto done = init(); !done) {
        return done;
    }
    for (std::size_t i = 0; i < live->runners.size(); ++i) {
        runners_.push_back(std::make_shared<BorderRunner>(live->description.types[i],
                                                          *live->runners[i], self_, border_));
    }
    started_ = true;
    return base::done();
}

/// False when it was given up meanwhile.
bool LoadedPlugin::goes_on(Stage from, Stage to) {
    return stage_.compare_exchange_strong(from, to);
}

Result<Descriptor> LoadedPlugin::enter(Entry entry) {
    std::string thrown;
    const auto plugin = cross(conduct_, &thrown, [&] { return entry(border_.table()); });
    if (!plugin) {
        return refused("it let an exception out of its entry: " + thrown);
    }
    auto live = read_descriptor(*plugin);
    if (live) {
        if (const auto part = difference(how_.description, live->description); !part.empty()) {
            return refused(
                "it says something else of itself than when it was described, about its " +
                std::string(part));
        }
    }
    return live;
}

Result<Unit> LoadedPlugin::init() {
    if (!JH_CAN(plugin_, jh_plugin, init)) {
        return base::done();
    }
    const auto call = std::make_shared<Call>(Call::Kind::Init);
    const auto ctx = border_.contexts().open(call);
    std::string thrown;
    const auto returned = cross(conduct_, &thrown, [&] {
        const jh_str config{how_.config_json.data(), how_.config_json.size()};
        return plugin_->init(border_.table(), ctx, config, &self_);
    });
    border_.contexts().close(ctx);
    if (!returned) {
        return not_loadable("it let an exception out of its init: " + thrown);
    }
    return returned == JH_OK ? base::done() : Result<Unit>(judged_init(*returned, *call));
}

Error LoadedPlugin::late() {
    const auto limit = base::format_duration(how_.init_timeout);
    if (const auto stage = stage_.exchange(Stage::GivenUp); stage != Stage::Mapping) {
        return not_loadable(std::string(stage == Stage::Entering ? "its entry" : "its init") +
                            " did not return within " + limit +
                            "; the thread it blocks is left behind");
    }
    return {base::ErrorKind::Invalid, std::string(kLoaderBlocked),
            "its constructors did not return within " + limit +
                "; no other library can be loaded until this host is restarted"};
}

void LoadedPlugin::stop(const std::shared_ptr<LoadedPlugin>& plugin, base::Duration limit) {
    auto& conduct = plugin->conduct_;
    if (!std::exchange(plugin->started_, false)) {
        return;
    }
    if (plugin->border_.attempts() > 0) {
        base::log(base::LogLevel::Warn, "plugin",
                  conduct.name() + " still runs an attempt, so it is not stopped",
                  {{"plugin", conduct.id()}});
        return;
    }
    const bool returned = call_within(limit, kThread, [plugin] {
        plugin->call_slot(plugin->plugin_->quiesce);
        plugin->call_slot(plugin->plugin_->deinit);
    });
    if (!returned) {
        conduct.broke_rule("did not stop within " + base::format_duration(limit) +
                           "; the thread it blocks is left behind");
    }
}

void LoadedPlugin::call_slot(void(JH_CALL* slot)(void*)) {
    if (slot != nullptr) {
        cross(conduct_, nullptr, [&] {
            slot(self_);
            return true;
        });
    }
}

}  // namespace jobhost::plugin
