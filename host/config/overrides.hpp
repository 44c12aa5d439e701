#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/environment.hpp"
#include "config/problem.hpp"

namespace jobhost::config {

/// One setting from outside the file: text, in the form of its key.
struct Override {
    std::string key;  ///< "run.workers", "host.labels.site"
    std::string text;
    Place place;  ///< `JOBHOST_RUN__WORKERS` or `--set run.workers`
};

struct Overrides {
    std::vector<Override> winning;  ///< in order of key; `--set` has won over the environment
    std::vector<Problem> problems;  ///< what is not of the form KEY=VALUE
};

/// The layers above the file. `JOBHOST_RUN__WORKERS` means run.workers: a name with two underscores
/// between section and key. Other variables that begin with JOBHOST_ are not settings. Of two
/// `--set` for one key the later wins.
[[nodiscard]] Overrides overrides(const Environment& environment,
                                  std::span<const std::string> sets);

/// "run.workers" is JOBHOST_RUN__WORKERS.
[[nodiscard]] std::string variable_of(std::string_view key);

}  // namespace jobhost::config
