#include "core/declaration.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "base/quote.hpp"

namespace jobhost::core {

namespace {

base::Error conflict(std::string message) {
    return {base::ErrorKind::Conflict, "declared_job", std::move(message)};
}

/// Is it the same job, wherever it is declared?
bool says_the_same(JobSpec one, const JobSpec& other) {
    one.declared = other.declared;
    return one == other;
}

/// Are they alike in what never changes?
bool may_become(const JobSpec& stored, const JobSpec& wanted) {
    return stored.type == wanted.type && stored.kind == wanted.kind &&
           stored.creator == wanted.creator && stored.unique_key == wanted.unique_key;
}

/// A host of another name that is up has the say about the job. One that is not up may have been
/// this one under its old name.
bool belongs_to_another(const JobSpec& stored,
                        const JobSpec& wanted,
                        const Neighbours& neighbours) {
    return is_declared(stored) && stored.declared->host != wanted.declared->host &&
           std::ranges::find(neighbours.hosts, stored.declared->host) != neighbours.hosts.end();
}

base::Result<base::Unit> check_type(const JobSpec& job, const std::vector<TypeInfo>& types) {
    const auto type = std::ranges::find(types, job.type, &TypeInfo::id);
    if (type == types.end()) {
        return conflict("no host that is up runs jobs of type " + base::in_quotes(job.type));
    }
    const auto args = base::parse_json(job.args);
    return args ? check_args(*type, args->value.get_object()) : args.error();
}

/// `step`, unless the arguments do not fit the type.
base::Result<DeclaredStep> checked(DeclaredStep step,
                                   const JobSpec& job,
                                   const std::vector<TypeInfo>& types) {
    if (auto fits = check_type(job, types); !fits) {
        return std::move(fits).error();
    }
    return step;
}

base::Error cannot_become(const JobSpec& stored) {
    return conflict(
        "type, kind, creator and unique_key of a job never change, and the stored one is " +
        std::string(name(stored.kind)) + " of type " + base::in_quotes(stored.type) +
        "; take another name");
}

}  // namespace

bool is_declared(const JobSpec& job) { return job.declared && !job.declared->place.empty(); }

base::Result<DeclaredStep> step_towards(const JobSpec& wanted,
                                        const JobSpec* stored,
                                        const Neighbours& neighbours) {
    if (stored == nullptr) {
        return checked(DeclaredStep::Create, wanted, neighbours.types);
    }
    if (!stored->declared) {
        return conflict(
            "somebody added the stored job of this name; delete that one or take another name");
    }
    const bool same = says_the_same(*stored, wanted);
    if (belongs_to_another(*stored, wanted, neighbours)) {
        if (same) {
            return DeclaredStep::Leave;
        }
        return conflict("the host " + base::in_quotes(stored->declared->host) +
                        " declares it differently at " + stored->declared->place +
                        "; say the same in both files, or in one of them");
    }
    if (same) {
        return stored->declared == wanted.declared ? DeclaredStep::Leave : DeclaredStep::Move;
    }
    if (!may_become(*stored, wanted)) {
        return cannot_become(*stored);
    }
    return stored->args == wanted.args ? DeclaredStep::Change
                                       : checked(DeclaredStep::Change, wanted, neighbours.types);
}

JobSpec released(JobSpec job) {
    if (job.declared) {
        job.declared->place.clear();
    }
    job.enabled = false;
    return job;
}

}  // namespace jobhost::core
