#pragma once

#include <cstdint>

namespace jobhost::store::sqlite {

/// Counts what SQLite's machine does on the connections that are opened while this lives: the cost
/// of a call that does not depend on how busy the computer is. Read it only while no call runs.
class SqlSteps {
public:
    SqlSteps();
    ~SqlSteps();
    SqlSteps(const SqlSteps&) = delete;
    SqlSteps& operator=(const SqlSteps&) = delete;

    /// Steps since the last call of this.
    [[nodiscard]] std::int64_t take();
};

}  // namespace jobhost::store::sqlite
