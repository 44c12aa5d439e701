#include "app/view.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace jobhost::app {

namespace {

/// A loop that made no turn for this long hangs: a store call gives up long before.
constexpr base::Duration kHangs = std::chrono::minutes(2);

std::string word(Phase phase) {
    switch (phase) {
        case Phase::Starting:
            return "starting";
        case Phase::Ready:
            return "ready";
        case Phase::Draining:
            break;
    }
    return "draining";
}

http::PluginView view_of(const plugin::PluginStatus& status) {
    return {.id = status.id,
            .version = status.version,
            .file = status.file.string(),
            .state = status.active ? "active" : "refused",
            .reason = status.reason,
            .isolation = "in_process",
            .min_level = status.min_level,
            .target_level = status.target_level,
            .reduced = status.reduced,
            .types = status.types,
            .digest = status.digest,
            .misbehaved = status.misbehaved};
}

}  // namespace

View::View(Facts facts,
           const plugin::Registry& registry,
           run::Engine& engine,
           const Health& health,
           const base::Clock& clock)
    : facts_(std::move(facts)),
      registry_(registry),
      engine_(engine),
      health_(health),
      clock_(clock) {}

http::HostStatus View::status() const {
    const run::Load load = engine_.load();
    return {.name = facts_.name,
            .node_id = facts_.node.text(),
            .state = phase_ == Phase::Ready && engine_.is_on_standby() ? "standby" : word(phase_),
            .started_at = facts_.started_at,
            .storage = facts_.storage,
            .time_zone = facts_.time_zone,
            .workers = facts_.workers,
            .running = load.blocking + load.waiting,
            .stuck = load.stuck};
}

std::vector<http::PluginView> View::plugins() const {
    std::vector<http::PluginView> views;
    for (const plugin::PluginStatus& status : registry_.plugins()) {
        views.push_back(view_of(status));
    }
    return views;
}

core::Places View::places(const std::string& type) const {
    const auto types = registry_.types();
    const auto found = std::ranges::find(*types, type, &core::TypeInfo::id);
    core::Places places = engine_.places(found == types->end() ? nullptr : &*found);
    places.is_draining = phase_ == Phase::Draining || engine_.is_on_standby();
    return places;
}

std::vector<http::Check> View::readiness() const {
    const Phase phase = phase_;
    const int lost = engine_.load().lost_workers;
    return {{"phase", phase == Phase::Ready, phase == Phase::Ready ? "" : word(phase)},
            health_.storage(),
            {"workers", lost < facts_.workers,
             lost == 0 ? "" : std::to_string(lost) + " attempts do not stop when asked"}};
}

std::vector<http::Check> View::liveness() const {
    return {beats("dispatch", engine_.last_dispatch()), beats("settle", engine_.last_settle()),
            beats("upkeep", health_.last_look())};
}

void View::set_standby(bool on) {
    if (on != engine_.is_on_standby()) {
        base::log(base::LogLevel::Warn, "app",
                  on ? "on standby: no attempts start here until somebody resumes this host"
                     : "resumed: attempts start again");
    }
    engine_.standby(on);
}

http::Check View::beats(const char* loop, base::Steady last) const {
    const auto ago = std::chrono::duration_cast<base::Duration>(clock_.steady() - last);
    const bool ok = ago < kHangs || phase_ == Phase::Draining;
    return {loop, ok, ok ? "" : "made no turn for " + base::format_duration(ago)};
}

}  // namespace jobhost::app
