#pragma once

#include <optional>
#include <span>
#include <string_view>

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
enum class Operation { Cancel };

[[nodiscard]] std::string_view name(Operation operation);
[[nodiscard]] std::span<const Operation> all_operations();

/// The one table of legal moves: may this operation be asked of a job that stands here?
[[nodiscard]] bool allows(Status status, Operation operation);

/// What was asked of a job while an attempt of it runs; it wins over what the attempt reports.
enum class Want : int { Nothing = 0, Cancel = 1 };

}  // namespace jobhost::core
