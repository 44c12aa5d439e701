#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace jobhost::core {

/// Where a job stands. `Running` means an attempt executes now, nothing else. The numbers are those
/// kept in the database.
enum class Status : int {
    None = -1,
    Completed = 0,
    Queuing = 5,
    Running = 10,
    FailedRetry = 15,
    Paused = 20,
    Stopped = 30,
};

[[nodiscard]] std::string_view name(Status status);
[[nodiscard]] std::optional<Status> status_from(std::string_view name);
[[nodiscard]] std::span<const Status> all_statuses();

/// True when nothing more happens to a job that stands here unless somebody asks for it.
[[nodiscard]] bool is_final(Status status);

/// What a person or a program asks of an existing job.
enum class Operation {
    Start,
    Trigger,
    Pause,
    Resume,
    Stop,
    Cancel,
    Enable,
    Disable,
    Update,
    Delete,
    Copy
};

[[nodiscard]] std::string_view name(Operation operation);
[[nodiscard]] std::optional<Operation> operation_from(std::string_view name);
[[nodiscard]] std::span<const Operation> all_operations();

/// What was asked of a job while a node holds it; it wins over what the attempt reports. The
/// numbers are those kept in the database.
enum class Want : int {
    Nothing = 0,
    Cancel = 1,
    Pause = 2,
    Stop = 3,
    Resume = 4,  ///< one of the others was taken back, when the attempt may have been told already
};

[[nodiscard]] std::string_view name(Want want);
[[nodiscard]] std::span<const Want> all_wants();

/// True for what the attempt is told about: it shall end.
[[nodiscard]] bool ends_attempt(Want want);

/// The one table of legal moves: may this operation be asked of a job that stands here? A job that
/// a node holds is judged as `Running`, begun or not, by what is wanted of it so far.
[[nodiscard]] bool allows(Status status, Operation operation, Want wanted = Want::Nothing);

/// What is wanted of a held job after an operation that is allowed: the last wish counts.
[[nodiscard]] Want want_after(Want wanted, Operation operation);

/// Why an operation is refused that is not allowed here; says what is.
[[nodiscard]] base::Error not_allowed(Status status, Operation operation);

}  // namespace jobhost::core
