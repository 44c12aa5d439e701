#pragma once

#include <span>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "core/calendars.hpp"
#include "core/preset.hpp"
#include "events/bus.hpp"
#include "http/host_view.hpp"
#include "store/job_store.hpp"
#include "store/node_store.hpp"
#include "store/plan_store.hpp"

namespace jobhost::http {

/// What the handlers work with; all of it outlives the server.
struct Services {
    store::JobStore& jobs;
    store::PlanStore& plans;
    store::NodeStore& nodes;
    HostView& host;
    events::Bus& bus;
    base::Metrics& metrics;
    const base::Clock& clock;
    const core::Calendars& calendars;
    std::span<const core::Preset> presets = {};
    int default_tries = core::kDefaultMaxTries;  ///< of a job that names no `max_try_count`
};

}  // namespace jobhost::http
