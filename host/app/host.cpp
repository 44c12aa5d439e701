#include "app/host.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "app/declared_jobs.hpp"
#include "app/health.hpp"
#include "app/leash.hpp"
#include "app/open_store.hpp"
#include "app/signals.hpp"
#include "app/view.hpp"
#include "base/log.hpp"
#include "base/thread.hpp"
#include "base/version.hpp"
#include "events/publishing_plan_store.hpp"
#include "events/publishing_store.hpp"
#include "http/server.hpp"
#include "isolate/describe_child.hpp"
#include "plugin/registry.hpp"
#include "run/engine.hpp"
#include "upkeep/inspector.hpp"
#include "upkeep/loop.hpp"
#include "upkeep/periodic.hpp"
#include "upkeep/planner.hpp"
#include "upkeep/rescuer.hpp"
#include "upkeep/retention.hpp"

namespace jobhost::app {

namespace {

constexpr base::Duration kLookAtStore = std::chrono::seconds(5);
constexpr base::Duration kRescueEvery = std::chrono::seconds(5);

base::Result<base::Unit> make_folder(const std::filesystem::path& folder, std::string_view key) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return base::Error{
            base::ErrorKind::Unavailable, "folder",
            folder.string() + " (" + std::string(key) + ") cannot be made: " + error.message()};
    }
    return base::done();
}

}  // namespace

/// Everything that lives long. The order of the members is the order of the start, and backwards
/// that of the end.
struct Host::Parts {
    explicit Parts(const config::HostConfig& host_config) : config(host_config) {}

    const config::HostConfig config;
    base::SystemClock clock;
    Signals signals;
    core::NodeId node = core::NodeId::make(clock.now());
    base::Metrics metrics;
    std::optional<Leash> leash;
    std::unique_ptr<store::Database> database;
    events::Bus bus;
    std::optional<events::PublishingJobStore> jobs;
    std::optional<events::PublishingPlanStore> plans;
    std::unique_ptr<plugin::Registry> registry;
    std::optional<Health> health;
    std::optional<upkeep::Rescuer> rescuer;
    std::optional<upkeep::Planner> planner;
    std::optional<upkeep::Retention> retention;
    std::optional<upkeep::Inspector> inspector;
    std::unique_ptr<run::Engine> engine;
    std::unique_ptr<View> view;
    std::unique_ptr<http::Server> server;
    std::unique_ptr<upkeep::Periodic> upkeep;
    std::unique_ptr<upkeep::Loop> planning;
    events::Bus::Subscription planner_wake;

    base::Result<base::Unit> take_data_dir();
    base::Result<base::Unit> open_database();
    base::Result<base::Unit> load_plugins();
    base::Result<base::Unit> join();
    base::Result<base::Unit> rescue_all();
    base::Result<base::Unit> keep_declared();
    base::Result<base::Unit> listen();
    void begin_work();

    int stop(std::stop_token hurry);
    [[nodiscard]] std::vector<upkeep::Duty> duties();
    void rescue_now();
    void prune_now();
    void inspect_now();
};

Host::Host(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Host::~Host() = default;

base::Result<std::unique_ptr<Host>> Host::start(const config::HostConfig& config) {
    if (auto logging = base::start_log(config.log); !logging) {
        return std::move(logging).error();
    }
    auto parts = std::make_unique<Parts>(config);
    using Step = base::Result<base::Unit> (Parts::*)();
    for (const Step step :
         {&Parts::take_data_dir, &Parts::open_database, &Parts::load_plugins, &Parts::join,
          &Parts::rescue_all, &Parts::keep_declared, &Parts::listen}) {
        if (auto stepped = (parts.get()->*step)(); !stepped) {
            return std::move(stepped).error();
        }
    }
    parts->begin_work();
    return std::unique_ptr<Host>(new Host(std::move(parts)));
}

base::Result<base::Unit> Host::Parts::take_data_dir() {
    if (auto made = make_folder(config.host.data_dir, "host.data_dir"); !made) {
        return made;
    }
    auto taken = Leash::take(config.host.data_dir);
    if (!taken) {
        return std::move(taken).error();
    }
    leash.emplace(std::move(*taken));
    return base::done();
}

base::Result<base::Unit> Host::Parts::open_database() {
    if (auto made = make_folder(config.sqlite_file.parent_path(), "storage.url"); !made) {
        return made;
    }
    auto opened = open_store(config, clock);
    if (!opened) {
        return std::move(opened).error();
    }
    database = std::move(*opened);
    jobs.emplace(database->jobs(), bus, clock);
    plans.emplace(database->plans(), bus, clock);
    return base::done();
}

base::Result<base::Unit> Host::Parts::load_plugins() {
    isolate::DescribeChild describer(config.plugins.describe_timeout);
    auto loaded = plugin::Registry::load(
        config.plugins, {config.host.name, std::string(base::kVersion)}, describer);
    if (!loaded) {
        return std::move(loaded).error();
    }
    registry = std::move(*loaded);
    const auto plugins = registry->plugins();
    const bool shell = std::ranges::any_of(plugins, [](const plugin::PluginStatus& status) {
        return status.active && status.id == "shell";
    });
    if (shell && ::geteuid() == 0) {
        base::log(
            base::LogLevel::Warn, "app",
            "this host runs as root and the shell plugin is loaded: whoever may add jobs may do "
            "everything on this machine; run it as a user of its own");
    }
    return base::done();
}

base::Result<base::Unit> Host::Parts::join() {
    core::LabelMap labels = config.host.labels;
    labels[std::string(core::kNodeLabel)] = config.host.name;
    if (auto joined = database->nodes().join({.id = node,
                                              .name = config.host.name,
                                              .version = std::string(base::kVersion),
                                              .labels = std::move(labels),
                                              .started_at = clock.now()});
        !joined) {
        return joined;
    }
    return database->nodes().publish(*registry->types());
}

/// What an earlier process held is settled before the first claim, so that its story stands in the
/// run log before a new attempt begins.
base::Result<base::Unit> Host::Parts::rescue_all() {
    rescuer.emplace(database->claims(), metrics, clock);
    while (true) {
        const auto rescued = rescuer->step();
        if (!rescued) {
            return rescued.error();
        }
        if (*rescued == 0) {
            return base::done();
        }
    }
}

/// A job that cannot be brought in step does not keep the others from running.
base::Result<base::Unit> Host::Parts::keep_declared() {
    const auto kept = bring_in_step(
        {.host = config.host.name, .file = config.file.filename(), .jobs = config.jobs}, *jobs,
        database->nodes());
    for (const std::string& sentence : kept.mistakes) {
        base::log(base::LogLevel::Error, "app", sentence);
    }
    metrics
        .gauge("jobhost_declared_jobs_not_in_step",
               "Mistakes that kept jobs of the file from being brought in step at the start.")
        .set(static_cast<double>(kept.mistakes.size()));
    if (kept.created + kept.changed + kept.moved + kept.gone > 0) {
        base::log(base::LogLevel::Info, "app", "declared jobs were brought in step with the file",
                  {{"created", std::to_string(kept.created)},
                   {"changed", std::to_string(kept.changed)},
                   {"moved", std::to_string(kept.moved)},
                   {"gone", std::to_string(kept.gone)}});
    }
    return base::done();
}

base::Result<base::Unit> Host::Parts::listen() {
    health.emplace(*database, metrics, clock);
    engine =
        std::make_unique<run::Engine>(config.run, run::Surroundings{.claims = database->claims(),
                                                                    .runners = *registry,
                                                                    .bus = bus,
                                                                    .metrics = metrics,
                                                                    .clock = clock,
                                                                    .node = node,
                                                                    .node_name = config.host.name});
    view = std::make_unique<View>(View::Facts{.name = config.host.name,
                                              .node = node,
                                              .started_at = clock.now(),
                                              .storage = database->description(),
                                              .time_zone = config.host.timezone,
                                              .workers = config.run.workers},
                                  *registry, *engine, *health, clock);
    auto opened = http::Server::open(config.http, {.jobs = *jobs,
                                                   .plans = *plans,
                                                   .nodes = database->nodes(),
                                                   .host = *view,
                                                   .bus = bus,
                                                   .metrics = metrics,
                                                   .clock = clock,
                                                   .calendars = config.calendars,
                                                   .presets = config.presets,
                                                   .default_tries = config.default_tries});
    if (!opened) {
        return std::move(opened).error();
    }
    server = std::move(*opened);
    return base::done();
}

void Host::Parts::begin_work() {
    upkeep = std::make_unique<upkeep::Periodic>(duties(), clock);
    metrics
        .gauge(
            "jobhost_build_info", "Always 1; the labels say what runs here.",
            {{"version", std::string(base::kVersion)}, {"revision", std::string(base::kRevision)}})
        .set(1);
    engine->start();
    planner.emplace(config.planner, *plans, config.calendars, metrics, clock);
    planning = std::make_unique<upkeep::Loop>("plan", [this] { return planner->step(); });
    planner_wake = bus.subscribe([this](const core::JobEvent& event) {
        if (event.what == core::JobEvent::What::Armed ||
            event.what == core::JobEvent::What::Operated) {
            planning->wake();
        }
    });
    view->enter(Phase::Ready);
    if (config.run.standby) {
        base::log(base::LogLevel::Warn, "app",
                  "on standby, as run.standby says: no attempts start until somebody resumes it");
    }
    base::log(base::LogLevel::Info, "app", "ready",
              {{"node", config.host.name},
               {"node_id", node.text()},
               {"storage", database->description()},
               {"api", server->api_addresses().empty() ? "" : server->api_addresses().front()}});
}

std::vector<upkeep::Duty> Host::Parts::duties() {
    std::vector<upkeep::Duty> duties{{kLookAtStore, [this] { health->step(); }},
                                     {kRescueEvery, [this] { rescue_now(); }}};
    if (config.retention.enabled) {
        retention.emplace(config.retention, database->maintenance(), metrics, clock);
        duties.push_back({config.retention.every, [this] { prune_now(); },
                          [this] { return retention->has_more(); }});
    }
    if (config.check.enabled) {
        inspector.emplace(database->maintenance(), metrics);
        duties.push_back({config.check.every, [this] { inspect_now(); },
                          [this] { return inspector->has_more(); }});
    }
    return duties;
}

void Host::Parts::prune_now() {
    if (const auto pruned = retention->step(); !pruned) {
        base::log(base::LogLevel::Error, "app", "ended jobs cannot be removed now",
                  {{"error", pruned.error().message}});
    }
}

void Host::Parts::inspect_now() {
    if (const auto checked = inspector->step(); !checked) {
        base::log(base::LogLevel::Error, "app", "the store cannot be checked now",
                  {{"error", checked.error().message}});
    }
}

void Host::Parts::rescue_now() {
    if (const auto rescued = rescuer->step(); !rescued) {
        base::log(base::LogLevel::Error, "app", "what dead hosts held cannot be brought back now",
                  {{"error", rescued.error().message}});
    }
}

int Host::Parts::stop(std::stop_token hurry) {
    base::log(base::LogLevel::Info, "app", "stopping: no new attempts; a second signal hurries");
    view->enter(Phase::Draining);
    planner_wake = {};
    planning.reset();
    const run::Stopped stopped = engine->stop(config.host.drain_timeout, std::move(hurry));
    upkeep.reset();
    server.reset();
    if (stopped.stuck > 0) {
        base::log(
            base::LogLevel::Error, "app",
            "attempts did not stop when asked; the process ends without them and the next start "
            "records them as lost",
            {{"count", std::to_string(stopped.stuck)}});
        base::flush_log();
        std::_Exit(EXIT_FAILURE);
    }
    registry->shut_down();
    static_cast<void>(database->nodes().leave());
    base::log(base::LogLevel::Info, "app", "stopped",
              {{"interrupted", std::to_string(stopped.interrupted)},
               {"unsettled", std::to_string(stopped.unsettled)}});
    base::flush_log();
    return stopped.unsettled == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

const std::vector<std::string>& Host::api_addresses() const {
    return parts_->server->api_addresses();
}

const std::vector<std::string>& Host::probe_addresses() const {
    return parts_->server->probe_addresses();
}

int Host::run() {
    std::stop_source hurry;
    std::atomic<int> code{EXIT_SUCCESS};
    std::jthread stopper;
    parts_->signals.wait(
        {.stop =
             [&] {
                 stopper = std::jthread([&] {
                     base::run_thread("stop", [&] {
                         code = parts_->stop(hurry.get_token());
                         parts_->signals.finish();
                     });
                 });
             },
         .hurry = [&] { hurry.request_stop(); },
         .reload =
             [] {
                 base::log(
                     base::LogLevel::Warn, "app",
                     "SIGHUP: this version reads its configuration only at its start; restart "
                     "the host to apply changes");
             }});
    return code;
}

}  // namespace jobhost::app
