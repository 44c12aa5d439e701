#include "simulation/sqlite_backend.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "store/sqlite/database.hpp"
#include "store/sqlite/verify.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::simulation {

namespace {

using core::Status;

constexpr core::Duration kTooLate = std::chrono::minutes(1);

/// The node's clock as the threads of the store may read it: what it showed at the last call.
class StoreClock final : public base::Clock {
public:
    void show(const NodeClock& clock) {
        now_ = clock.now().time_since_epoch().count();
        steady_ = clock.steady().time_since_epoch().count();
    }
    [[nodiscard]] base::Instant now() const override {
        return base::Instant(base::Duration(now_.load()));
    }
    [[nodiscard]] base::Steady steady() const override {
        return base::Steady(base::Steady::duration(steady_.load()));
    }

private:
    std::atomic<base::Duration::rep> now_{0};
    std::atomic<base::Steady::rep> steady_{0};
};

/// Others may go before a call and after it: a crash after it is a lost answer.
class Door {
public:
    Door(Scheduler& scheduler, const NodeClock& clock, StoreClock& shown)
        : scheduler_(scheduler), clock_(clock), shown_(shown) {}

    template <typename Call>
    auto through(Call call) {
        scheduler_.yield();
        shown_.show(clock_);
        auto answer = call();
        scheduler_.yield();
        return answer;
    }

private:
    Scheduler& scheduler_;
    const NodeClock& clock_;
    StoreClock& shown_;
};

class SteppingClaims final : public store::ClaimStore {
public:
    SteppingClaims(Door& door, store::ClaimStore& inner) : door_(door), inner_(inner) {}

    base::Result<store::Claim> claim(const store::ClaimRequest& request) override {
        return door_.through([&] { return inner_.claim(request); });
    }
    void started(std::span<const Token> tokens) override {
        door_.through([&] {
            inner_.started(tokens);
            return true;
        });
    }
    base::Result<std::vector<store::Settled>> settle(
        std::span<const store::Settlement> settlements) override {
        return door_.through([&] { return inner_.settle(settlements); });
    }
    base::Result<base::Unit> hand_back(std::span<const Token> tokens) override {
        return door_.through([&] { return inner_.hand_back(tokens); });
    }
    base::Result<base::Unit> update(std::span<const store::AttemptUpdate> updates) override {
        return door_.through([&] { return inner_.update(updates); });
    }
    base::Result<std::vector<store::DeadClaim>> dead_claims(int limit) override {
        return door_.through([&] { return inner_.dead_claims(limit); });
    }

private:
    Door& door_;
    store::ClaimStore& inner_;
};

class SteppingPlans final : public store::PlanStore {
public:
    SteppingPlans(Door& door, store::PlanStore& inner) : door_(door), inner_(inner) {}

    base::Result<store::DuePlans> due(Instant now, int limit) override {
        return door_.through([&] { return inner_.due(now, limit); });
    }
    base::Result<std::vector<store::Advanced>> advance(
        std::span<const store::Advance> advances) override {
        return door_.through([&] { return inner_.advance(advances); });
    }
    base::Result<store::Backfilled> backfill(const store::BackfillOrder& order) override {
        return door_.through([&] { return inner_.backfill(order); });
    }
    base::Result<int> rewind(Instant now) override {
        return door_.through([&] { return inner_.rewind(now); });
    }
    base::Result<std::vector<store::NotRunRow>> not_run(JobId id,
                                                        Instant before,
                                                        int limit) override {
        return door_.through([&] { return inner_.not_run(id, before, limit); });
    }

private:
    Door& door_;
    store::PlanStore& inner_;
};

base::Error closed() { return {base::ErrorKind::Unavailable, "closed", "no process has it open"}; }

class SqliteBackend final : public Backend {
public:
    explicit SqliteBackend(World& world) : world_(world) {}

    Ports open(Owner, core::NodeId, const NodeClock& clock) override {
        clock_.show(clock);
        auto opened = store::sqlite::open({.file = file_}, clock_);
        if (!opened) {
            throw std::runtime_error(opened.error().message);
        }
        process_ = std::make_unique<Process>(world_.scheduler, clock, clock_, *std::move(opened));
        check_ends_are_final();
        return {process_->claims, process_->plans, process_->database->nodes()};
    }

    /// A destructor hands nothing back and settles nothing, so it leaves what a kill leaves.
    void close(Owner) override { process_.reset(); }

    base::Result<std::vector<store::Enqueued>> enqueue(
        std::span<const core::JobSpec> specs) override {
        if (!process_) {
            return closed();
        }
        auto answer = process_->database->jobs().enqueue(specs);
        for (std::size_t i = 0; answer && i < answer->size(); ++i) {
            if (!(*answer)[i].refused && specs[i].recurrence) {
                recurring_.emplace((*answer)[i].id, *specs[i].recurrence);
            }
        }
        return answer;
    }
    void cancel(JobId id) override {
        if (process_) {
            static_cast<void>(
                process_->database->jobs().apply(core::Operation::Cancel, {&id, 1}, {}));
        }
    }

    std::optional<JobId> exclusive_parent_of(JobId child) override {
        const auto parent = find(child).parent;
        const auto known = parent ? recurring_.find(*parent) : recurring_.end();
        const bool exclusive =
            known != recurring_.end() && known->second.overlap != core::Overlap::Allow;
        return exclusive ? parent : std::nullopt;
    }
    bool is_expelled(Owner) override { return false; }
    bool is_inside(Owner) override { return false; }
    void fail(const Rates&) override {}
    void away_until(Time) override {}

    std::string unfinished() override {
        if (!process_) {
            return "the store is closed";
        }
        const auto counts = process_->database->jobs().counts();
        for (const auto& [status, jobs] : *counts) {
            if (!core::is_final(status) && jobs > 0) {
                return std::to_string(jobs) + " jobs are " + std::string(core::name(status));
            }
        }
        return "";
    }

    std::optional<Time> quiet_until() override {
        if (!process_ || !list({.status = Status::Running}).empty()) {
            return std::nullopt;
        }
        std::optional<Instant> next;
        for (const Status status : {Status::Queuing, Status::FailedRetry}) {
            for (const store::Job& job : list({.status = status})) {
                if (job.next_run_at && (!next || *job.next_run_at < *next)) {
                    next = job.next_run_at;
                }
            }
        }
        return next ? std::optional(*next - kStart) : std::nullopt;
    }

    void check_late() override {
        for (const auto& [id, recurrence] : recurring_) {
            if (!process_) {
                return;
            }
            const auto next = find(id).next_run_at;
            if (next && *next + kTooLate < kStart + world_.scheduler.now()) {
                world_.witness.violated("I9", "the next occurrence of " +
                                                  world_.witness.name_of(id) +
                                                  " lies in the past and is not planned");
            }
        }
    }

    void check_end() override {
        check_ends_are_final();
        for (const JobId id : world_.witness.acknowledged()) {
            if (find(id).id != id) {
                world_.witness.violated("I1",
                                        world_.witness.name_of(id) + " was acknowledged, is gone");
            }
            check_attempts(id);
        }
        for (const auto& [id, recurrence] : recurring_) {
            check_occurrences(id, recurrence);
        }
        const auto findings = store::sqlite::verify(file_);
        for (const std::string& finding : *findings) {
            if (clock_was_set() && finding.starts_with("an occurrence has a child and a record")) {
                continue;
            }
            world_.witness.violated("verify", finding);
        }
    }

private:
    struct Process {
        Process(Scheduler& scheduler,
                const NodeClock& clock,
                StoreClock& shown,
                std::unique_ptr<store::Database> opened)
            : database(std::move(opened)), door(scheduler, clock, shown) {}

        std::unique_ptr<store::Database> database;
        Door door;
        SteppingClaims claims{door, database->claims()};
        SteppingPlans plans{door, database->plans()};
    };

    store::Job find(JobId id) {
        const auto found = process_->database->jobs().find({&id, 1});
        return found && !found->empty() ? found->front() : store::Job{};
    }

    std::vector<store::Job> list(store::JobQuery query) {
        std::vector<store::Job> all;
        query.limit = 1000;
        do {
            auto page = process_->database->jobs().list(query);
            std::ranges::move(page->jobs, std::back_inserter(all));
            query.cursor = page->next_cursor;
        } while (!query.cursor.empty());
        return all;
    }

    void check_ends_are_final() {
        for (const JobId id : world_.witness.acknowledged()) {
            const Status now = find(id).status;
            const auto [known, is_new] = ends_.try_emplace(id, now);
            if (!is_new && core::is_final(known->second) && now != known->second) {
                world_.witness.violated("I8", world_.witness.name_of(id) + " came back");
            }
            known->second = now;
        }
    }

    void check_attempts(JobId id) {
        const auto rows = process_->database->jobs().attempts(id, 0, 1000);
        int number = 0;
        Token last;
        for (const store::AttemptRow& row : *rows) {
            if (row.number <= std::exchange(number, row.number)) {
                world_.witness.violated(
                    "I7", "attempt numbers of " + world_.witness.name_of(id) + " have a gap");
            }
            if (row.token <= last) {
                world_.witness.violated("I3",
                                        "tokens of " + world_.witness.name_of(id) + " do not grow");
            }
            last = row.token;
        }
    }

    /// What was planned while the clock was wrong is planned anew when it is right. From outside
    /// nobody sees how far that went; and this store may then keep a record of an occurrence that
    /// has its child.
    [[nodiscard]] bool clock_was_set() const {
        return std::ranges::any_of(
            std::array{Fault::ClockForward, Fault::ClockBack, Fault::AllClocks},
            [&](Fault fault) { return world_.counts.times[static_cast<std::size_t>(fault)] > 0; });
    }

    /// Each one has exactly one child or lies in one record.
    void check_occurrences(JobId id, const core::Recurrence& recurrence) {
        const store::Job parent = find(id);
        std::set<Instant> ran;
        Instant end = parent.created_at;
        for (const store::Job& child : list({.parent = id})) {
            if (!ran.insert(*child.nominal_at).second) {
                world_.witness.violated(
                    "I5", "two children of one occurrence of " + world_.witness.name_of(id));
            }
            end = std::max(end, *child.nominal_at);
            check_attempts(child.id);
        }
        if (parent.run_count != static_cast<std::int64_t>(ran.size())) {
            world_.witness.violated("I7", world_.witness.name_of(id) + " counts " +
                                              std::to_string(parent.run_count) + " and has " +
                                              std::to_string(ran.size()));
        }
        if (clock_was_set()) {
            return;
        }
        const auto records = process_->database->plans().not_run(id, Instant::max(), 1'000'000);
        for (const store::NotRunRow& row : *records) {
            end = std::max(end, row.gap.last);
        }
        const auto timetable =
            core::timetable_of(recurrence, parent.spec.begin_time.value_or(parent.created_at));
        for (auto at = timetable->next(parent.created_at - core::Duration{1}); at && *at <= end;
             at = timetable->next(*at)) {
            const auto lies = std::ranges::count_if(*records, [&](const store::NotRunRow& row) {
                return row.gap.first <= *at && *at <= row.gap.last;
            });
            if (lies + (ran.contains(*at) ? 1 : 0) != 1) {
                world_.witness.violated("occurrences",
                                        "an occurrence of " + world_.witness.name_of(id) + " at " +
                                            std::to_string((*at - kStart).count()) + " has " +
                                            (ran.contains(*at) ? "a child" : "no child") +
                                            " and lies in " + std::to_string(lies) + " records");
            }
        }
    }

    World& world_;
    support::TempDir dir_;
    const std::filesystem::path file_ = dir_ / "jobs.db";
    StoreClock clock_;
    std::unique_ptr<Process> process_;
    std::map<JobId, core::Recurrence> recurring_;
    std::map<JobId, Status> ends_;
};

}  // namespace

Report simulate_sqlite(std::uint64_t seed) {
    Cluster cluster({.seed = seed, .nodes = 1, .store_fails = false},
                    [](World& world) { return std::make_unique<SqliteBackend>(world); });
    return cluster.run();
}

}  // namespace jobhost::simulation
