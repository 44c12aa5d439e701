#include "store/sqlite/declarations.hpp"

#include <string>

#include "base/quote.hpp"
#include "store/sqlite/job_reader.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

/// What the file says about a job, nobody else may say otherwise.
bool is_for_the_file(core::Operation operation) {
    return operation == core::Operation::Enable || operation == core::Operation::Disable ||
           operation == core::Operation::Update || operation == core::Operation::Delete;
}

}  // namespace

std::optional<core::Declaration> declaration_of(Connection& connection, JobKey job) {
    auto row = connection.query(kDeclaration, job);
    if (!row.next()) {
        return std::nullopt;
    }
    return core::Declaration{row.column<std::string>(0), row.column<std::string>(1)};
}

bool is_declared(Connection& connection, JobKey job) {
    const auto declaration = declaration_of(connection, job);
    return declaration && !declaration->place.empty();
}

std::optional<base::Error> refused_by_declaration(Connection& connection,
                                                  JobKey job,
                                                  core::Operation operation,
                                                  const OperationOptions& options) {
    // It stays as long as the file declares it, so that not even the file deletes it.
    const bool may =
        !is_for_the_file(operation) || (options.declared && operation != core::Operation::Delete);
    const auto declaration = may ? std::nullopt : declaration_of(connection, job);
    if (!declaration || declaration->place.empty()) {
        return std::nullopt;
    }
    return base::Error{base::ErrorKind::Forbidden, "declared_job",
                       "This job is declared at " + declaration->place + " of the host " +
                           base::in_quotes(declaration->host) + "; it is changed there alone."};
}

bool only_moves(Turn& turn, JobKey job, const core::JobSpec& spec) {
    if (!spec.declared) {
        return false;
    }
    core::JobSpec stored = read_spec(turn.db, job);
    stored.declared = spec.declared;
    return stored == spec;
}

void keep_declaration(Turn& turn, JobKey job, const core::Declaration& declaration) {
    turn.db.run(kKeepDeclaration, job, declaration.host, declaration.place);
    if (!declaration.place.empty()) {
        return;
    }
    // While it was declared it was passed over, and the note of its end went with that.
    const auto standing = standing_of(turn.db, job);
    if (standing && !standing->recurs && standing->status == core::Status::Completed) {
        turn.completed(job, *standing->ended_at);
    }
}

}  // namespace jobhost::store::sqlite
