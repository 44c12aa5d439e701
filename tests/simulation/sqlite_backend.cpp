#include "simulation/sqlite_backend.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "simulation/sqlite_ports.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/history.hpp"
#include "store/sqlite/verify.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::simulation {

namespace {

using core::Status;

constexpr core::Duration kTooLate = std::chrono::minutes(1);

constexpr int kAttemptsKept = store::sqlite::kFirstAttemptsKept + store::sqlite::kLastAttemptsKept;

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
        process_->door.show_clock();
        auto answer = process_->database->jobs().enqueue(specs);
        for (std::size_t i = 0; answer && i < answer->size(); ++i) {
            if (!(*answer)[i].refused && specs[i].recurrence) {
                recurring_.emplace((*answer)[i].id, *specs[i].recurrence);
            }
        }
        return answer;
    }
    base::Result<store::Verdict> apply(core::Operation operation, JobId id) override {
        if (!process_) {
            return closed();
        }
        check_ends_are_final();
        check_wish(id);
        const auto family =
            operation == core::Operation::Delete ? family_of(id) : std::vector<JobId>{};
        process_->door.show_clock();
        auto verdicts = process_->database->jobs().apply(operation, {&id, 1}, {});
        if (!verdicts) {
            return std::move(verdicts).error();
        }
        if (verdicts->front().accepted()) {
            note(operation, id, verdicts->front());
            for (const JobId gone : family) {
                world_.witness.deleted(gone);
                recurring_.erase(gone);
                wished_.erase(gone);
            }
        }
        return std::move(verdicts->front());
    }

    std::optional<Parent> parent_of(JobId child) override {
        const auto parent = process_ ? find(child).parent : std::nullopt;
        const auto known = parent ? recurring_.find(*parent) : recurring_.end();
        return known != recurring_.end() ? std::optional(Parent{known->first, known->second})
                                         : std::nullopt;
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

    std::vector<Wish> left_aside() override {
        std::vector<Wish> wishes;
        if (!process_) {
            return wishes;
        }
        for (const Status status : {Status::Paused, Status::Queuing, Status::FailedRetry}) {
            for (const store::Job& job : list({.status = status})) {
                if (status == Status::Paused) {
                    wishes.push_back({core::Operation::Resume, job.id});
                } else if (!job.spec.enabled) {
                    wishes.push_back({core::Operation::Enable, job.id});
                }
            }
        }
        return wishes;
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
        for (const JobId id : wished_) {
            check_wish(id);
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

    /// The job, and after it whatever was made for it.
    std::vector<JobId> family_of(JobId id) {
        std::vector<JobId> family{id};
        for (std::size_t next = 0; next < family.size(); ++next) {
            for (const store::Job& child : list({.parent = family[next]})) {
                family.push_back(child.id);
            }
        }
        return family;
    }

    /// What is asked of a job that is held and not begun is a wish, too; its status does not say.
    void note(core::Operation operation, JobId id, const store::Verdict& verdict) {
        ends_.erase(id);
        const core::Want want = core::want_after(core::Want::Nothing, operation);
        const bool is_done = verdict.now == Status::Paused || verdict.now == Status::Stopped;
        if (core::ends_attempt(want) && !is_done && !recurring_.contains(id)) {
            wished_.insert(id);
        } else if (want != core::Want::Nothing || operation == core::Operation::Start) {
            wished_.erase(id);
        }
    }

    /// A job whose end somebody asked for while it was held does not succeed.
    void check_wish(JobId id) {
        if (wished_.contains(id) && find(id).status == Status::Completed) {
            world_.witness.violated(
                "I8", "the wish about " + world_.witness.name_of(id) + " was overlooked");
        }
    }

    void check_attempts(JobId id) {
        const auto rows = process_->database->jobs().attempts(id, 0, 1000);
        // Beyond that many those in the middle are dropped.
        const bool has_all = rows->empty() || rows->back().number <= kAttemptsKept;
        int number = 0;
        Token last;
        for (const store::AttemptRow& row : *rows) {
            const int before = row.number - row.repeats;
            const int known = std::exchange(number, row.number);
            if (has_all ? before != known : before < known) {
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
            check_attempts(child.id);
            if (!child.nominal_at) {
                continue;
            }
            if (!ran.insert(*child.nominal_at).second) {
                world_.witness.violated(
                    "I5", "two children of one occurrence of " + world_.witness.name_of(id));
            }
            end = std::max(end, *child.nominal_at);
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
    std::set<JobId> wished_;  ///< to end, while they were held
};

}  // namespace

Report simulate_sqlite(std::uint64_t seed, Trouble trouble) {
    Cluster cluster({.seed = seed, .trouble = trouble, .nodes = 1, .store_fails = false},
                    [](World& world) { return std::make_unique<SqliteBackend>(world); });
    return cluster.run();
}

}  // namespace jobhost::simulation
