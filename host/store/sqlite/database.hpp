#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.hpp"
#include "store/database.hpp"

namespace jobhost::store::sqlite {

struct Options {
    std::filesystem::path file;
    base::Duration call_timeout = std::chrono::seconds(30);  ///< of one store call
    int attempts_per_job = 100;  ///< the last ones that are kept, besides the first few
};

/// Opens the file, or makes it: takes the owner lock ("one host per file"), checks and migrates the
/// schema, and reads what an earlier process still held when it died. The error says what is wrong
/// with the file and what to do. `clock` must outlive the database.
///
/// Beside FILE there are FILE-wal and FILE-shm (SQLite's), FILE.lock (the owner) and FILE.board
/// (what is held now). The process must ignore SIGXFSZ, or a limit on the size of files ends it.
[[nodiscard]] base::Result<std::unique_ptr<Database>> open(const Options& options,
                                                           const base::Clock& clock);

}  // namespace jobhost::store::sqlite
