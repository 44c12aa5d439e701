#include "core/state.hpp"

#include <array>

#include "base/assert.hpp"
#include "core/name_table.hpp"

namespace jobhost::core {

namespace {

constexpr NameTable<Status, 7> kStatuses{{
    {Status::None, "none"},
    {Status::Queuing, "queuing"},
    {Status::Running, "running"},
    {Status::FailedRetry, "failed_retry"},
    {Status::Paused, "paused"},
    {Status::Stopped, "stopped"},
    {Status::Completed, "completed"},
}};

constexpr NameTable<Operation, 1> kOperations{{
    {Operation::Cancel, "cancel"},
}};

constexpr std::array kAllStatuses{Status::None,        Status::Queuing, Status::Running,
                                  Status::FailedRetry, Status::Paused,  Status::Stopped,
                                  Status::Completed};

constexpr std::array kAllOperations{Operation::Cancel};

}  // namespace

std::string_view name(Status status) { return name_in(kStatuses, status); }
std::optional<Status> status_from(std::string_view name) { return value_in(kStatuses, name); }
std::span<const Status> all_statuses() { return kAllStatuses; }

std::string_view name(Operation operation) { return name_in(kOperations, operation); }
std::span<const Operation> all_operations() { return kAllOperations; }

bool is_final(Status status) { return status == Status::Stopped || status == Status::Completed; }

bool allows(Status status, Operation operation) {
    switch (operation) {
        case Operation::Cancel:
            return status == Status::Queuing || status == Status::Running ||
                   status == Status::FailedRetry || status == Status::Paused;
    }
    JOBHOST_ASSERT(false);
}

}  // namespace jobhost::core
