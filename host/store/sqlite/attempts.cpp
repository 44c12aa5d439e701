#include "store/sqlite/attempts.hpp"

#include <optional>

#include "store/sqlite/outputs.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

std::string name_of(const NodeNames& nodes, core::Token token) {
    const auto found = nodes.find(Epoch::of(token));
    return found == nodes.end() ? std::string() : found->second;
}

std::optional<core::Failure> failure_in(const Statement& row) {
    const auto category = row.column<std::optional<core::ErrorCategory>>(5);
    if (!category) {
        return std::nullopt;
    }
    return core::Failure{.category = *category,
                         .hint = row.column<core::RetryHint>(6),
                         .retry_after = row.column<std::optional<core::Duration>>(7),
                         .type = row.column<std::string>(8),
                         .code = row.column<std::int64_t>(9),
                         .message = row.column<std::string>(10),
                         .details_json = row.column<std::string>(11)};
}

AttemptRow row_of(const Statement& row, const NodeNames& nodes) {
    const auto token = row.column<core::Token>(0);
    return {.token = token,
            .number = row.column<int>(1),
            .node = name_of(nodes, token),
            .outcome = row.column<core::AttemptOutcome>(2),
            .started_at = row.column<core::Instant>(3),
            .ended_at = row.column<core::Instant>(4),
            .failure = failure_in(row),
            .result_json = row.column<std::string>(12),
            .repeats = row.column<int>(13),
            .since = row.column<std::optional<core::Instant>>(14)};
}

const RunningAttempt* running_attempt(const Standing& standing, const Running& running) {
    return standing.in_ready ? running.find(standing.luggage.job, standing.luggage.attempts)
                             : nullptr;
}

}  // namespace

std::vector<AttemptRow> read_attempts(Connection& connection,
                                      const Standing& standing,
                                      const Running& running,
                                      const NodeNames& nodes,
                                      int after,
                                      int limit) {
    std::vector<AttemptRow> found;
    auto rows = connection.query(kAttemptsAfter, standing.luggage.job, after, limit);
    while (rows.next()) {
        found.push_back(row_of(rows, nodes));
    }
    const RunningAttempt* const runs = running_attempt(standing, running);
    if (runs != nullptr && runs->number > after && static_cast<int>(found.size()) < limit) {
        found.push_back({.token = runs->token,
                         .number = runs->number,
                         .node = name_of(nodes, runs->token),
                         .outcome = std::nullopt,
                         .started_at = runs->started_at,
                         .ended_at = std::nullopt,
                         .failure = std::nullopt,
                         .result_json = {},
                         .repeats = 1,
                         .since = std::nullopt});
    }
    return found;
}

base::Result<AttemptOutput> read_attempt_output(Connection& connection,
                                                const Standing& standing,
                                                const Running& running,
                                                int number) {
    const JobKey job = standing.luggage.job;
    const RunningAttempt* const runs = running_attempt(standing, running);
    if (runs != nullptr && (number == 0 || number == runs->number)) {
        return AttemptOutput{.number = runs->number,
                             .running = true,
                             .output = read_output(connection, job, runs->token)};
    }
    auto row = number == 0 ? connection.query(kLatestAttempt, job)
                           : connection.query(kNumberedAttempt, job, number);
    if (!row.next()) {
        return base::Error{base::ErrorKind::NotFound, "attempt_not_found",
                           number == 0 ? std::string("the job has not been run yet")
                                       : "the job has no attempt " + std::to_string(number)};
    }
    return AttemptOutput{.number = row.column<int>(1),
                         .running = false,
                         .output = read_output(connection, job, row.column<core::Token>(0))};
}

}  // namespace jobhost::store::sqlite
