#include "app/open_store.hpp"

#include "store/sqlite/database.hpp"

namespace jobhost::app {

base::Result<std::unique_ptr<store::Database>> open_store(const config::HostConfig& config,
                                                          const base::Clock& clock) {
    return store::sqlite::open(
        {.file = config.sqlite_file, .attempts_per_job = config.retention.attempts_per_job}, clock);
}

}  // namespace jobhost::app
