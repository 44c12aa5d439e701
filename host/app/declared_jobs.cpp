#include "app/declared_jobs.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/quote.hpp"
#include "core/declaration.hpp"

namespace jobhost::app {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using base::Unit;

constexpr int kPage = 100;

class Keeper {
public:
    Keeper(const DeclaredJobs& declared, store::JobStore& jobs, store::NodeStore& nodes)
        : declared_(declared), jobs_(jobs), nodes_(nodes) {}

    BroughtInStep run() {
        keep_all();
        release_gone();
        return std::move(done_);
    }

private:
    void keep_all() {
        if (declared_.jobs.empty()) {
            return;
        }
        const auto neighbours = neighbours_now();
        if (!neighbours) {
            done_.mistakes.push_back(declared_.file + ": what it declares is not in step: " +
                                     neighbours.error().message);
            return;
        }
        for (const config::DeclaredJob& job : declared_.jobs) {
            const std::string place = declared_.file + ":" + std::to_string(job.line);
            core::JobSpec spec = job.spec;
            spec.declared = core::Declaration{declared_.host, place};
            keep(spec, place, *neighbours);
        }
    }

    Result<core::Neighbours> neighbours_now() {
        const auto nodes = nodes_.nodes();
        if (!nodes) {
            return nodes.error();
        }
        auto types = nodes_.types();
        if (!types) {
            return std::move(types).error();
        }
        core::Neighbours neighbours{.hosts = {}, .types = *std::move(types)};
        for (const store::Node& node : *nodes) {
            neighbours.hosts.push_back(node.name);
        }
        return neighbours;
    }

    void keep(const core::JobSpec& spec,
              const std::string& place,
              const core::Neighbours& neighbours) {
        const auto page = jobs_.list({.group = spec.group, .name = *spec.name, .limit = 1});
        if (!page) {
            note(place, spec, "", page.error());
            return;
        }
        const store::Job* const stored = page->jobs.empty() ? nullptr : &page->jobs.front();
        const auto step =
            core::step_towards(spec, stored == nullptr ? nullptr : &stored->spec, neighbours);
        const auto kept = step ? carry_out(*step, stored, spec) : step.error();
        note(place, spec, stored == nullptr ? "" : stored->id.text(), kept);
    }

    /// `stored` is null where there is no job to be changed.
    Result<Unit> carry_out(core::DeclaredStep step,
                           const store::Job* stored,
                           const core::JobSpec& spec) {
        if (step == core::DeclaredStep::Create) {
            return create(spec);
        }
        if (step == core::DeclaredStep::Leave || stored == nullptr) {
            return base::done();
        }
        return update(stored->id, spec,
                      step == core::DeclaredStep::Move ? done_.moved : done_.changed);
    }

    Result<Unit> create(const core::JobSpec& spec) {
        const auto stored = jobs_.enqueue(std::array{spec});
        if (!stored) {
            return stored.error();
        }
        const store::Enqueued& job = stored->front();
        if (job.refused) {
            return *job.refused;
        }
        if (!job.is_new) {
            return Error{ErrorKind::Conflict, "declared_job",
                         "the job " + job.id.text() + " has its unique_key"};
        }
        ++done_.created;
        return base::done();
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
                if (core::is_declared(job.spec) && !is_in_file(job.spec)) {
                    note(job.spec.declared->place, job.spec, job.id.text(),
                         update(job.id, core::released(job.spec), done_.gone));
                }
            }
            query.cursor = page->next_cursor;
        } while (!query.cursor.empty());
    }

    [[nodiscard]] bool is_in_file(const core::JobSpec& spec) const {
        return std::ranges::any_of(declared_.jobs, [&](const auto& job) {
            return job.spec.name == spec.name && job.spec.group == spec.group;
        });
    }

    /// `id` is that of the stored job; empty when there is none.
    void note(const std::string& place,
              const core::JobSpec& job,
              const std::string& id,
              const Result<Unit>& kept) {
        if (!kept) {
            done_.mistakes.push_back(place + ": the job " + base::in_quotes(*job.name) +
                                     " of group " + base::in_quotes(job.group) +
                                     (id.empty() ? "" : ", stored as " + id + ",") +
                                     " is not in step: " + kept.error().message);
        }
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
