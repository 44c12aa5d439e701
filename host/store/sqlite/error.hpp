#pragma once

#include <string_view>

#include "base/result.hpp"

struct sqlite3;

namespace jobhost::store::sqlite {

/// What a SQLite result code means for a caller of the store: `Unavailable` for what room, rights
/// or a backup can mend, `Timeout` for an interrupted call, `Internal` for our own mistakes. `db`
/// may be null; then only the code speaks.
[[nodiscard]] base::Error error_of(sqlite3* db, int code, std::string_view file);

/// The same for a failed system call, which `doing` names: "open /var/lib/jobhost/jobs.db.lock".
[[nodiscard]] base::Error system_error(int number, std::string_view doing);

/// Did the disk fail under this code, so that the connection must be opened anew?
[[nodiscard]] bool is_disk_failure(int code);

}  // namespace jobhost::store::sqlite
