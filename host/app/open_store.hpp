#pragma once

#include <memory>

#include "base/clock.hpp"
#include "config/host_config.hpp"
#include "store/database.hpp"

namespace jobhost::app {

/// Opens the store that the config names. `clock` must outlive it.
[[nodiscard]] base::Result<std::unique_ptr<store::Database>> open_store(
    const config::HostConfig& config,
    const base::Clock& clock);

}  // namespace jobhost::app
