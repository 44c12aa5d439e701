#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/sqlite/connection.hpp"

namespace jobhost::store::sqlite {

/// How long a transaction of the writer waits for the lock of another program at a time.
inline constexpr base::Duration kBusyWait = std::chrono::milliseconds(500);

/// The connection that writes, with everything set that makes a commit durable.
[[nodiscard]] base::Result<std::unique_ptr<Connection>> open_writing(
    const std::filesystem::path& file,
    Access access);

/// Refuses what is not ours without having written to it: no database, another application's, a
/// newer schema, a damaged file. A file that is not there is fine.
[[nodiscard]] base::Result<base::Unit> check_file(const std::filesystem::path& file);

/// Brings the schema to the newest version, each step in a transaction of its own.
[[nodiscard]] base::Result<base::Unit> migrate(Connection& connection);

/// The newest version of the schema that this program knows.
[[nodiscard]] int newest_schema();

}  // namespace jobhost::store::sqlite
