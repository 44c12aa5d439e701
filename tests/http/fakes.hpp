#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/guarded.hpp"
#include "http/host_view.hpp"
#include "store/job_store.hpp"
#include "store/node_store.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::http::testing {

/// Keeps jobs in memory; fails on demand. [any thread]
class FakeJobs final : public store::JobStore {
public:
    using Jobs = std::vector<store::Job>;

    base::Result<std::vector<store::Enqueued>> enqueue(
        std::span<const core::JobSpec> specs) override {
        return state.with([&](State& now) -> base::Result<std::vector<store::Enqueued>> {
            if (now.failure) {
                return *now.failure;
            }
            std::vector<store::Enqueued> result;
            for (const auto& spec : specs) {
                result.push_back(keep(now, spec));
            }
            return result;
        });
    }

    base::Result<std::vector<store::Job>> find(std::span<const core::JobId> ids) override {
        return state.with([&](State& now) -> base::Result<Jobs> {
            ++now.looks;
            if (now.failure) {
                return *now.failure;
            }
            Jobs found;
            for (const auto& id : ids) {
                std::ranges::copy_if(now.jobs, std::back_inserter(found),
                                     [&](const auto& job) { return job.id == id; });
            }
            return found;
        });
    }

    base::Result<store::JobPage> list(const store::JobQuery& query) override {
        return state.with([&](State& now) -> base::Result<store::JobPage> {
            if (!query.cursor.empty() &&
                query.cursor.find_first_not_of("0123456789") != std::string::npos) {
                return base::Error{base::ErrorKind::Invalid, "bad_cursor", "not a cursor"};
            }
            const auto all = matching(now, query);
            store::JobPage page;
            std::size_t at = query.cursor.empty() ? 0 : std::stoul(query.cursor);
            for (; at < all.size() && std::ssize(page.jobs) < query.limit; ++at) {
                page.jobs.push_back(all[at]);
            }
            page.next_cursor = at < all.size() ? std::to_string(at) : "";
            return page;
        });
    }

    base::Result<store::JobCount> count(const store::JobQuery& query, std::int64_t) override {
        return state.with([&](State& now) -> base::Result<store::JobCount> {
            return store::JobCount{.jobs = std::ssize(matching(now, query)),
                                   .capped = now.counts_are_capped};
        });
    }

    base::Result<std::vector<store::AttemptRow>> attempts(core::JobId,
                                                          int after,
                                                          int limit) override {
        return state.with([&](State& now) -> base::Result<std::vector<store::AttemptRow>> {
            std::vector<store::AttemptRow> rows;
            for (const auto& row : now.attempts) {
                if (row.number > after && std::ssize(rows) < limit) {
                    rows.push_back(row);
                }
            }
            return rows;
        });
    }

    base::Result<store::AttemptOutput> output(core::JobId, int number) override {
        return state.with([&](State& now) -> base::Result<store::AttemptOutput> {
            if (!now.output || (number != 0 && number != now.output->number)) {
                return base::Error{base::ErrorKind::NotFound, "not_found", "no attempt"};
            }
            return *now.output;
        });
    }

    base::Result<core::WhyFacts> why(core::JobId id, core::Instant until, int) override {
        return state.with([&](State& now) -> base::Result<core::WhyFacts> {
            if (now.failure) {
                return *now.failure;
            }
            now.until = until;
            if (std::ranges::find(now.jobs, id, &store::Job::id) == now.jobs.end()) {
                return base::Error{base::ErrorKind::NotFound, "job_not_found", "no such job"};
            }
            return now.reasons;
        });
    }

    base::Result<std::vector<store::Verdict>> apply(
        core::Operation operation,
        std::span<const core::JobId> ids,
        const store::OperationOptions& options) override {
        return state.with([&](State& now) -> base::Result<std::vector<store::Verdict>> {
            if (now.failure) {
                return *now.failure;
            }
            now.options = options;
            std::vector<store::Verdict> verdicts;
            for (const auto& id : ids) {
                verdicts.push_back(apply_one(now, operation, id, options));
            }
            return verdicts;
        });
    }

    base::Result<store::Verdict> update(core::JobId id,
                                        const core::JobSpec& spec,
                                        const store::OperationOptions& options) override {
        return state.with([&](State& now) -> base::Result<store::Verdict> {
            if (now.failure) {
                return *now.failure;
            }
            now.options = options;
            const auto job = std::ranges::find(now.jobs, id, &store::Job::id);
            if (job == now.jobs.end()) {
                return store::Verdict{};
            }
            store::Verdict verdict = judge(*job, core::Operation::Update, options);
            if (verdict.accepted()) {
                job->spec = spec;
                ++job->version;
                verdict.now = job->status;
            }
            return verdict;
        });
    }

    base::Result<std::map<core::Status, std::int64_t>> counts() override {
        return state.with([&](State& now) -> base::Result<std::map<core::Status, std::int64_t>> {
            if (now.failure) {
                return *now.failure;
            }
            std::map<core::Status, std::int64_t> counts;
            for (const auto& job : now.jobs) {
                ++counts[job.status];
            }
            return counts;
        });
    }

    struct State {
        Jobs jobs;  ///< oldest first
        std::vector<store::AttemptRow> attempts;
        std::optional<store::AttemptOutput> output;
        std::optional<base::Error> failure;
        int looks = 0;  ///< calls of `find`
        bool counts_are_capped = false;
        core::WhyFacts reasons;
        core::Instant until;              ///< of the last question why
        store::OperationOptions options;  ///< of the last operation
        std::int64_t made = 0;
    };
    base::Guarded<State> state;

    void fail_with(std::optional<base::Error> failure) {
        state.with([&](State& now) { now.failure = std::move(failure); });
    }
    /// Changes the job that was stored last.
    void change(const std::function<void(store::Job&)>& change) {
        state.with([&](State& now) { change(now.jobs.back()); });
    }
    [[nodiscard]] std::size_t stored() const {
        return state.with([](const State& now) { return now.jobs.size(); });
    }

private:
    static store::Enqueued keep(State& now, const core::JobSpec& spec) {
        const auto made = support::ManualClock::kStart + base::Duration(now.made++);
        store::Enqueued result{core::JobId::make(made), true, std::nullopt};
        const auto holder = std::ranges::find_if(now.jobs, [&](const auto& job) {
            return spec.unique_key && job.spec.unique_key == spec.unique_key;
        });
        if (holder != now.jobs.end()) {
            return {holder->id, false, std::nullopt};
        }
        const bool taken = std::ranges::any_of(now.jobs, [&](const auto& job) {
            return spec.name && job.spec.name == spec.name && job.spec.group == spec.group;
        });
        if (taken) {
            result.refused = base::Error{base::ErrorKind::Conflict, "name_taken", "name is taken"};
            return result;
        }
        store::Job job;
        job.id = result.id;
        job.spec = spec;
        job.created_at = made;
        now.jobs.push_back(std::move(job));
        return result;
    }

    static Jobs matching(const State& now, const store::JobQuery& query) {
        Jobs found;
        std::copy_if(now.jobs.rbegin(), now.jobs.rend(), std::back_inserter(found),
                     [&](const store::Job& job) {
                         return (!query.status || job.status == *query.status) &&
                                (query.type.empty() || job.spec.type == query.type) &&
                                (query.group.empty() || job.spec.group == query.group) &&
                                (query.name.empty() || job.spec.name == query.name) &&
                                (!query.parent || job.parent == query.parent);
                     });
        return found;
    }

    static store::Verdict judge(const store::Job& job,
                                core::Operation operation,
                                const store::OperationOptions& options) {
        store::Verdict verdict{.status = job.status};
        if (options.version && *options.version != job.version) {
            verdict.refused = base::Error{base::ErrorKind::Stale, "stale", "another version"};
        } else if (!core::allows(job.status, operation)) {
            verdict.refused = core::not_allowed(job.status, operation);
        }
        return verdict;
    }

    static store::Verdict apply_one(State& now,
                                    core::Operation operation,
                                    core::JobId id,
                                    const store::OperationOptions& options) {
        const auto job = std::ranges::find(now.jobs, id, &store::Job::id);
        if (job == now.jobs.end()) {
            return {};
        }
        store::Verdict verdict = judge(*job, operation, options);
        if (!verdict.accepted()) {
            return verdict;
        }
        if (operation == core::Operation::Delete) {
            now.jobs.erase(job);
            return verdict;
        }
        if (operation == core::Operation::Trigger) {
            core::JobSpec child = job->spec;
            child.name.reset();
            verdict.now = job->status;
            verdict.made = keep(now, child).id;
            now.jobs.back().parent = id;
            return verdict;
        }
        ++job->version;
        move(*job, operation);
        verdict.now = job->status;
        return verdict;
    }

    static void move(store::Job& job, core::Operation operation) {
        switch (operation) {
            case core::Operation::Pause:
                job.status = core::Status::Paused;
                return;
            case core::Operation::Stop:
            case core::Operation::Cancel:
                job.status = core::Status::Stopped;
                job.reason = operation == core::Operation::Stop ? "stopped" : "cancelled";
                return;
            case core::Operation::Start:
            case core::Operation::Resume:
                job.status = core::Status::Queuing;
                return;
            case core::Operation::Enable:
            case core::Operation::Disable:
                job.spec.enabled = operation == core::Operation::Enable;
                return;
            default:
                return;
        }
    }
};

/// Knows the types that it was given.
class FakeNodes final : public store::NodeStore {
public:
    base::Result<base::Unit> join(const store::Node&) override { return base::done(); }
    base::Result<base::Unit> publish(const std::vector<core::TypeInfo>& types) override {
        known = types;
        return base::done();
    }
    base::Result<base::Unit> leave() override { return base::done(); }
    base::Result<std::vector<store::Node>> nodes() override { return std::vector<store::Node>(); }
    base::Result<std::vector<core::TypeInfo>> types() override { return known; }

    std::vector<core::TypeInfo> known;
};

/// Tells what it was given to tell.
class FakeHost final : public HostView {
public:
    [[nodiscard]] HostStatus status() const override { return now; }
    [[nodiscard]] std::vector<PluginView> plugins() const override { return libraries; }
    [[nodiscard]] core::Places places(const std::string&) const override { return free_places; }
    [[nodiscard]] std::vector<Check> readiness() const override { return ready; }
    [[nodiscard]] std::vector<Check> liveness() const override { return alive; }
    void set_standby(bool on) override { now.state = on ? "standby" : "ready"; }

    HostStatus now{.name = "here",
                   .node_id = "018f0000-0000-7000-8000-000000000000",
                   .state = "ready",
                   .started_at = support::ManualClock::kStart,
                   .storage = "in memory",
                   .time_zone = "Europe/Berlin",
                   .workers = 4};
    std::vector<PluginView> libraries;
    core::Places free_places{.all = 4};
    std::vector<Check> ready{{"storage", true, ""}};
    std::vector<Check> alive{{"dispatch", true, ""}};
};

}  // namespace jobhost::http::testing
