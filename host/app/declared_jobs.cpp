#include "app/declared_jobs.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/quote.hpp"
#include "core/parameters.hpp"

namespace jobhost::app {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using base::Unit;

constexpr int kPage = 100;

Error mistake(std::string message) {
    return {ErrorKind::Conflict, "declared_job", std::move(message)};
}

/// Is it the same job, wherever it is declared?
bool says_the_same(core::JobSpec one, const core::JobSpec& other) {
    one.declared = other.declared;
    return one == other;
}

bool is_declared(const core::JobSpec& job) { return job.declared && !job.declared->place.empty(); }

/// Are they alike in what never changes?
bool may_become(const core::JobSpec& stored, const core::JobSpec& spec) {
    return stored.type == spec.type && stored.kind == spec.kind && stored.creator == spec.creator &&
           stored.unique_key == spec.unique_key;
}

class Keeper {
public:
    Keeper(const DeclaredJobs& declared, store::JobStore& jobs, store::NodeStore& nodes)
        : declared_(declared), jobs_(jobs), nodes_(nodes) {}

    BroughtInStep run() {
        for (const config::DeclaredJob& job : declared_.jobs) {
            const std::string place = declared_.file + ":" + std::to_string(job.line);
            core::JobSpec spec = job.spec;
            spec.declared = core::Declaration{declared_.host, place};
            note(place, spec, keep(spec));
        }
        release_gone();
        return std::move(done_);
    }

private:
    void note(const std::string& place, const core::JobSpec& job, const Result<Unit>& kept) {
        if (!kept) {
            done_.mistakes.push_back(place + ": the job " + base::in_quotes(*job.name) +
                                     " of group " + base::in_quotes(job.group) +
                                     " is not in step: " + kept.error().message);
        }
    }

    Result<Unit> keep(const core::JobSpec& spec) {
        const auto page = jobs_.list({.group = spec.group, .name = *spec.name, .limit = 1});
        if (!page) {
            return page.error();
        }
        return page->jobs.empty() ? create(spec) : change(page->jobs.front(), spec);
    }

    Result<Unit> create(const core::JobSpec& spec) {
        if (auto checked = check_type(spec); !checked) {
            return checked;
        }
        const auto stored = jobs_.enqueue(std::array{spec});
        if (!stored) {
            return stored.error();
        }
        const store::Enqueued& job = stored->front();
        if (job.refused) {
            return *job.refused;
        }
        if (!job.is_new) {
            return mistake("the job " + job.id.text() + " has its unique_key");
        }
        ++done_.created;
        return base::done();
    }

    Result<Unit> change(const store::Job& job, const core::JobSpec& spec) {
        if (job.spec == spec) {
            return base::done();
        }
        if (!job.spec.declared) {
            return mistake("the job " + job.id.text() +
                           " that somebody added has this name; delete that one or take another "
                           "name");
        }
        const auto foreign = belongs_to_another(job.spec);
        if (!foreign) {
            return foreign.error();
        }
        if (*foreign) {
            return says_the_same(job.spec, spec) ? base::done() : declared_otherwise(job.spec);
        }
        if (!may_become(job.spec, spec)) {
            return mistake(
                "type, kind, creator and unique_key of a job never change, and the "
                "stored one is " +
                std::string(core::name(job.spec.kind)) + " of type " +
                base::in_quotes(job.spec.type) + "; take another name");
        }
        if (job.spec.args != spec.args) {
            if (auto checked = check_type(spec); !checked) {
                return checked;
            }
        }
        return update(job.id, spec, done_.changed);
    }

    /// A host of another name that is up has the say about the job. One that is not up may have
    /// been this one under its old name.
    Result<bool> belongs_to_another(const core::JobSpec& job) {
        if (!is_declared(job) || job.declared->host == declared_.host) {
            return false;
        }
        const auto nodes = nodes_.nodes();
        if (!nodes) {
            return nodes.error();
        }
        return std::ranges::find(*nodes, job.declared->host, &store::Node::name) != nodes->end();
    }

    static Result<Unit> declared_otherwise(const core::JobSpec& job) {
        return mistake("the host " + base::in_quotes(job.declared->host) +
                       " declares it differently at " + job.declared->place +
                       "; say the same in both files, or in one of them");
    }

    Result<Unit> check_type(const core::JobSpec& spec) {
        const auto types = nodes_.types();
        if (!types) {
            return types.error();
        }
        const auto type = std::ranges::find(*types, spec.type, &core::TypeInfo::id);
        if (type == types->end()) {
            return mistake("no host that is up runs jobs of type " + base::in_quotes(spec.type));
        }
        const auto args = base::parse_json(spec.args);
        return args ? core::check_args(*type, args->value.get_object()) : args.error();
    }

    Result<Unit> update(core::JobId id, const core::JobSpec& spec, int& counter) {
        const auto verdict = jobs_.update(id, spec, {.system = true, .declared = true});
        if (!verdict) {
            return verdict.error();
        }
        if (verdict->refused) {
            return *verdict->refused;
        }
        ++counter;
        return base::done();
    }

    /// What this host declared before and declares no more.
    void release_gone() {
        store::JobQuery query{.declared_by = declared_.host, .limit = kPage};
        do {
            const auto page = jobs_.list(query);
            if (!page) {
                done_.mistakes.push_back(declared_.file + ": what it does not declare any more " +
                                         "cannot be found: " + page.error().message);
                return;
            }
            for (const store::Job& job : page->jobs) {
                release(job.id, job.spec);
            }
            query.cursor = page->next_cursor;
        } while (!query.cursor.empty());
    }

    void release(core::JobId id, core::JobSpec spec) {
        const bool is_there = std::ranges::any_of(declared_.jobs, [&](const auto& job) {
            return job.spec.name == spec.name && job.spec.group == spec.group;
        });
        if (is_there || !is_declared(spec)) {
            return;
        }
        const std::string place = std::exchange(spec.declared->place, "");
        spec.enabled = false;
        note(place, spec, update(id, spec, done_.gone));
    }

    const DeclaredJobs& declared_;
    store::JobStore& jobs_;
    store::NodeStore& nodes_;
    BroughtInStep done_;
};

}  // namespace

BroughtInStep bring_in_step(const DeclaredJobs& declared,
                            store::JobStore& jobs,
                            store::NodeStore& nodes) {
    return Keeper(declared, jobs, nodes).run();
}

}  // namespace jobhost::app
