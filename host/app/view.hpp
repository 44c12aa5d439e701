#pragma once

#include <atomic>

#include "app/health.hpp"
#include "http/host_view.hpp"
#include "plugin/registry.hpp"
#include "run/engine.hpp"

namespace jobhost::app {

enum class Phase { Starting, Ready, Draining };

/// What the endpoint tells of the other rooms.
class View final : public http::HostView {
public:
    /// What never changes while the host lives.
    struct Facts {
        std::string name;
        core::NodeId node;
        base::Instant started_at;
        std::string storage;
        std::string time_zone;
        int workers = 0;
    };

    /// The references must outlive this.
    View(Facts facts,
         const plugin::Registry& registry,
         run::Engine& engine,
         const Health& health,
         const base::Clock& clock);

    [[nodiscard]] http::HostStatus status() const override;
    [[nodiscard]] std::vector<http::PluginView> plugins() const override;
    [[nodiscard]] core::Places places(const std::string& type) const override;
    [[nodiscard]] std::vector<http::Check> readiness() const override;
    [[nodiscard]] std::vector<http::Check> liveness() const override;
    void set_standby(bool on) override;

    void enter(Phase phase) { phase_ = phase; }

private:
    [[nodiscard]] http::Check beats(const char* loop, base::Steady last) const;

    const Facts facts_;
    const plugin::Registry& registry_;
    run::Engine& engine_;
    const Health& health_;
    const base::Clock& clock_;
    std::atomic<Phase> phase_{Phase::Starting};
};

}  // namespace jobhost::app
