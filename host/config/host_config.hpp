#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "config/job_tables.hpp"
#include "core/calendars.hpp"
#include "core/job.hpp"
#include "core/preset.hpp"
#include "http/options.hpp"
#include "plugin/options.hpp"
#include "run/options.hpp"
#include "upkeep/options.hpp"

namespace jobhost::config {

struct HostSection {
    std::string name;  ///< default: the machine's host name
    std::filesystem::path data_dir;
    std::string timezone = "UTC";
    core::LabelMap labels;
    base::Duration drain_timeout = std::chrono::seconds(30);
};

/// The file, judged: every path is absolute, every value inside its limits.
struct HostConfig {
    std::filesystem::path file;
    HostSection host;
    std::filesystem::path sqlite_file;  ///< from `[storage] url = "sqlite:FILE"`
    run::Options run;
    int default_tries = core::kDefaultMaxTries;  ///< of jobs that name no limit; 0 = unlimited
    core::Calendars calendars;
    upkeep::PlannerOptions planner;
    upkeep::RetentionOptions retention;
    upkeep::CheckOptions check;
    plugin::Options plugins;
    http::Options http;
    base::LogOptions log;
    std::vector<core::Preset> presets;  ///< `[[preset]]`, in the order of the file
    std::vector<DeclaredJob> jobs;      ///< `[[job]]`, with what presets say
};

}  // namespace jobhost::config
