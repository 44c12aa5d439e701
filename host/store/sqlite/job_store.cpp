#include "store/sqlite/job_store.hpp"

#include <algorithm>
#include <utility>

#include "store/sqlite/arrivals.hpp"
#include "store/sqlite/job_reader.hpp"
#include "store/sqlite/lists.hpp"
#include "store/sqlite/operations.hpp"
#include "store/sqlite/reasons.hpp"
#include "store/sqlite/updating.hpp"

namespace jobhost::store::sqlite {

namespace {

base::Error job_not_found(core::JobId id) {
    return {base::ErrorKind::NotFound, "job_not_found", "there is no job " + id.text()};
}

bool filters_beyond_status(const JobQuery& query) {
    return !query.type.empty() || !query.group.empty() || !query.name.empty() || query.parent ||
           !query.unique_key.empty() || !query.declared_by.empty();
}

std::optional<Standing> standing_of(Connection& connection, core::JobId id) {
    const auto key = key_of(connection, id);
    return key ? standing_of(connection, *key) : std::nullopt;
}

}  // namespace

SqliteJobStore::SqliteJobStore(Readers& readers,
                               Writer& writer,
                               base::Guarded<Live>& live,
                               const std::vector<Lane>& lanes,
                               Epoch epoch,
                               const base::Clock& clock)
    : readers_(readers), writer_(writer), live_(live), epoch_(epoch), clock_(clock) {
    for (const Lane& lane : lanes) {
        book_.learn(lane);
    }
}

template <typename Function>
auto SqliteJobStore::look(Function at)
    -> std::invoke_result_t<Function&, Connection&, const Running&> {
    const auto all = [this](Connection&) {
        return live_.with([](const Live& live) { return live.running(); });
    };
    return look_after(all, at);
}

template <typename Function>
auto SqliteJobStore::look(std::span<const core::JobId> ids, Function at)
    -> std::invoke_result_t<Function&, Connection&, const Running&> {
    const auto those = [&](Connection& connection) {
        std::vector<RunningAttempt> running;
        for (const core::JobId id : ids) {
            const auto key = key_of(connection, id);
            auto attempt = key ? live_.with([&](const Live& live) { return live.running(*key); })
                               : std::nullopt;
            if (attempt) {
                running.push_back(*std::move(attempt));
            }
        }
        return running;
    };
    return look_after(those, at);
}

template <typename Note, typename Function>
auto SqliteJobStore::look_after(Note note, Function at)
    -> std::invoke_result_t<Function&, Connection&, const Running&> {
    auto loan = readers_.borrow();
    if (!loan) {
        return std::move(loan).error();
    }
    Connection& connection = loan->connection();
    const Running running(note(connection));
    auto result = [&] {
        const Snapshot snapshot(connection);
        return at(connection, running);
    }();
    if (auto failure = connection.take_failure()) {
        return *std::move(failure);
    }
    return result;
}

base::Result<std::vector<Enqueued>> SqliteJobStore::enqueue(std::span<const core::JobSpec> specs) {
    return writer_.run([this, arrivals = prepare(specs)](Turn& turn) {
        return store_arrivals(turn, book_, arrivals);
    });
}

base::Result<std::vector<Job>> SqliteJobStore::find(std::span<const core::JobId> ids) {
    return look(ids, [&](Connection& connection, const Running& running) {
        std::vector<Job> jobs;
        for (const core::JobId id : ids) {
            if (const auto standing = standing_of(connection, id)) {
                jobs.push_back(read_job(connection, *standing, running));
            }
        }
        return base::Result<std::vector<Job>>(std::move(jobs));
    });
}

base::Result<JobPage> SqliteJobStore::list(const JobQuery& query) {
    return look([&](Connection& connection, const Running& running) {
        return sqlite::list(connection, running, query);
    });
}

base::Result<JobCount> SqliteJobStore::count(const JobQuery& query, std::int64_t cap) {
    if (!filters_beyond_status(query)) {
        const auto all = live_.with([](const Live& live) { return live.counts(); });
        std::int64_t sum = 0;
        for (const auto& [status, jobs] : all) {
            sum += !query.status || status == *query.status ? jobs : 0;
        }
        return JobCount{.jobs = std::min(sum, cap), .capped = sum > cap};
    }
    return look([&](Connection& connection, const Running& running) {
        return base::Result<JobCount>(sqlite::count(connection, running, query, cap));
    });
}

base::Result<std::vector<AttemptRow>> SqliteJobStore::attempts(core::JobId id,
                                                               int after,
                                                               int limit) {
    const auto nodes = live_.with([](const Live& live) { return live.node_names(); });
    return look({&id, 1},
                [&](Connection& connection,
                    const Running& running) -> base::Result<std::vector<AttemptRow>> {
                    const auto standing = standing_of(connection, id);
                    if (!standing) {
                        return job_not_found(id);
                    }
                    return read_attempts(connection, *standing, running, nodes, after, limit);
                });
}

base::Result<AttemptOutput> SqliteJobStore::output(core::JobId id, int number) {
    return look({&id, 1},
                [&](Connection& connection, const Running& running) -> base::Result<AttemptOutput> {
                    const auto standing = standing_of(connection, id);
                    if (!standing) {
                        return job_not_found(id);
                    }
                    return read_attempt_output(connection, *standing, running, number);
                });
}

base::Result<core::WhyFacts> SqliteJobStore::why(core::JobId id, core::Instant until, int limit) {
    ClaimView view;
    const auto note = [&](Connection& connection) {
        const auto key = key_of(connection, id);
        return live_.with([&](const Live& live) {
            view = claim_view(live, epoch_, key, clock_.now());
            return live.running();
        });
    };
    return look_after(
        note, [&](Connection& connection, const Running& running) -> base::Result<core::WhyFacts> {
            const auto standing = standing_of(connection, id);
            if (!standing) {
                return job_not_found(id);
            }
            return read_reasons(connection, *standing, view, running, until, limit);
        });
}

base::Result<std::vector<Verdict>> SqliteJobStore::apply(core::Operation operation,
                                                         std::span<const core::JobId> ids,
                                                         const OperationOptions& options) {
    return writer_.run([operation, owned = std::vector(ids.begin(), ids.end()), options](
                           Turn& turn) { return sqlite::apply(turn, operation, owned, options); });
}

base::Result<Verdict> SqliteJobStore::update(core::JobId id,
                                             const core::JobSpec& spec,
                                             const OperationOptions& options) {
    return writer_.run([this, id, arrivals = prepare({&spec, 1}), options](Turn& turn) {
        return sqlite::update(turn, book_, id, arrivals.front(), options);
    });
}

base::Result<std::map<core::Status, std::int64_t>> SqliteJobStore::counts() {
    return live_.with([](const Live& live) { return live.counts(); });
}

}  // namespace jobhost::store::sqlite
