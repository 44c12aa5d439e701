#include "core/state.hpp"

#include <algorithm>
#include <array>
#include <string>

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

constexpr NameTable<Want, 5> kWants{{
    {Want::Nothing, "nothing"},
    {Want::Cancel, "cancel"},
    {Want::Pause, "pause"},
    {Want::Stop, "stop"},
    {Want::Resume, "resume"},
}};

constexpr std::array kAllStatuses{Status::None,        Status::Queuing, Status::Running,
                                  Status::FailedRetry, Status::Paused,  Status::Stopped,
                                  Status::Completed};

constexpr std::array kAllWants{Want::Nothing, Want::Cancel, Want::Pause, Want::Stop, Want::Resume};

struct Move {
    Operation operation;
    std::string_view name;
    std::string_view from;  ///< an x for each status where it is allowed, as in `kAllStatuses`
    std::optional<Want> leaves = {};  ///< as the wish, when somebody holds the job
};

constexpr std::array kMoves{
    // none, queuing, running, failed_retry, paused, stopped, completed
    Move{Operation::Start, "start", "x..x.x."},
    Move{Operation::Trigger, "trigger", ".xxx..x"},
    Move{Operation::Pause, "pause", ".xxx...", Want::Pause},
    Move{Operation::Resume, "resume", "....xx.", Want::Resume},
    Move{Operation::Stop, "stop", ".xxxx..", Want::Stop},
    Move{Operation::Cancel, "cancel", ".xxxx..", Want::Cancel},
    Move{Operation::Enable, "enable", ".xxxxxx"},
    Move{Operation::Disable, "disable", ".xxxxxx"},
    Move{Operation::Update, "update", ".xxxxxx"},
    Move{Operation::Delete, "delete", ".....xx"},
    Move{Operation::Copy, "copy", ".xxxxxx"},
};

constexpr auto kAllOperations = [] {
    std::array<Operation, kMoves.size()> all{};
    std::ranges::transform(kMoves, all.begin(), &Move::operation);
    return all;
}();

const Move& move_of(Operation operation) {
    const auto found = std::ranges::find(kMoves, operation, &Move::operation);
    JOBHOST_ASSERT(found != kMoves.end());
    return *found;
}

}  // namespace

std::string_view name(Status status) { return name_in(kStatuses, status); }
std::optional<Status> status_from(std::string_view name) { return value_in(kStatuses, name); }
std::span<const Status> all_statuses() { return kAllStatuses; }

std::string_view name(Operation operation) { return move_of(operation).name; }
std::span<const Operation> all_operations() { return kAllOperations; }

std::optional<Operation> operation_from(std::string_view name) {
    const auto found = std::ranges::find(kMoves, name, &Move::name);
    return found != kMoves.end() ? std::optional(found->operation) : std::nullopt;
}

std::string_view name(Want want) { return name_in(kWants, want); }
std::span<const Want> all_wants() { return kAllWants; }

bool ends_attempt(Want want) {
    return want == Want::Cancel || want == Want::Pause || want == Want::Stop;
}

bool is_final(Status status) { return status == Status::Stopped || status == Status::Completed; }

bool allows(Status status, Operation operation, Want wanted) {
    const auto place = std::ranges::find(kAllStatuses, status) - kAllStatuses.begin();
    const bool listed = move_of(operation).from.at(static_cast<std::size_t>(place)) == 'x';
    const bool takes_back =
        operation == Operation::Resume && status == Status::Running && ends_attempt(wanted);
    return listed || takes_back;
}

Want want_after(Want wanted, Operation operation) {
    return move_of(operation).leaves.value_or(wanted);
}

base::Error not_allowed(Status status, Operation operation) {
    std::string possible;
    for (const Move& move : kMoves) {
        if (allows(status, move.operation)) {
            possible += (possible.empty() ? "" : ", ") + std::string(move.name);
        }
    }
    return {base::ErrorKind::Conflict, "wrong_status",
            "A job that is " + std::string(name(status)) + " does not take \"" +
                std::string(name(operation)) + "\"; it takes " + possible + "."};
}

}  // namespace jobhost::core
