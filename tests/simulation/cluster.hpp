#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "simulation/backend.hpp"
#include "simulation/node.hpp"

namespace jobhost::simulation {

/// 2026-03-01T12:00:00Z.
inline constexpr base::Instant kStart{std::chrono::milliseconds(1'772'366'400'000)};

/// A node that was silent for so long is dead.
inline constexpr Time kLease = std::chrono::seconds(10);

/// What became of one run.
struct Report {
    std::uint64_t seed = 0;
    std::optional<Violation> violation = {};
    std::string events = {};  ///< the last of them; only beside a violation
    std::uint64_t sum = 0;    ///< equal for equal runs
    FaultCounts counts = {};
    std::map<core::Operation, std::uint64_t> accepted = {};  ///< what people asked and got
    std::uint64_t turns = 0;
    std::uint64_t jobs = 0;

    /// Seed, invariant and last events, for people.
    [[nodiscard]] std::string text() const;
};

using BackendMaker = std::function<std::unique_ptr<Backend>(World&)>;

/// What goes wrong in a run.
enum class Trouble { All, Clocks };

struct Settings {
    std::uint64_t seed = 0;
    Trouble trouble = Trouble::All;
    int nodes = 3;            ///< at most
    bool store_fails = true;  ///< or it is real, and does as it promised
};

/// One run: a while in which jobs come in and things go wrong, and a while in which all must come
/// to its end.
class Cluster {
public:
    Cluster(const Settings& settings, const BackendMaker& make);
    ~Cluster();

    [[nodiscard]] Report run();

private:
    /// A machine: its clock outlives its processes.
    struct Slot {
        Slot(const Scheduler& scheduler, int its_index)
            : index(its_index), clock(scheduler, kStart) {}

        int index;
        NodeClock clock;
        Owner owner = kNobody;
        std::unique_ptr<Node> node;
        bool leaves = false;
    };

    /// What somebody asks for. A new operation of the store is one line in the table of these.
    struct Operation {
        int weight;
        std::function<void(Cluster&)> ask;
    };
    static const std::vector<Operation>& operations();
    [[nodiscard]] static std::function<void(Cluster&)> asking(core::Operation operation);
    void ask_something();
    void enqueue();
    void add_recurring();
    void apply(core::Operation operation, core::JobId job);
    [[nodiscard]] std::optional<core::JobId> any_job(core::Operation operation);
    [[nodiscard]] std::optional<core::JobId> begins(core::JobId job);
    void keep(const base::Result<std::vector<store::Enqueued>>& answer);
    [[nodiscard]] core::JobSpec any_spec();

    void start(Slot& slot);
    void crash(Slot& slot);
    void crash_soon(Slot& slot);
    void crash_in_the_middle(Slot& slot);
    void go_on_later(Slot& slot);
    void freeze(Slot& slot, Time how_long);
    void freeze_in_the_middle(Slot& slot, Time how_long);
    void expel();
    void fall_silent(Owner owner);
    /// What goes wrong with a machine, or with all.
    struct Harm {
        int weight;
        bool of_failing_store;  ///< not where the store does as it promised
        std::function<void(Cluster&, Slot&)> to;
    };
    static const std::vector<Harm>& harms();
    void harm_something();
    void stop_in_order(Slot& slot);
    void lose_the_store();
    void jump_clock(Slot& slot, bool forward);
    void move_clocks(Slot& slot, bool all);
    [[nodiscard]] Time last_beat(Owner owner) const;

    void make_trouble();
    void ask_until_calm();
    void harm_until_calm();
    void calm_down();
    bool turn(Time limit);
    void drain();
    void let_all_go_on();
    [[nodiscard]] std::string unfinished();
    [[nodiscard]] Time now() const { return scheduler_.now(); }
    [[nodiscard]] Time in(std::int64_t low, std::int64_t high) {
        return now() + Time(dice_.between(low, high));
    }

    const Settings settings_;
    Dice dice_;
    Scheduler scheduler_;
    FaultCounts counts_;
    std::map<core::Operation, std::uint64_t> accepted_;
    Trace trace_;
    Witness witness_;
    World world_;
    std::unique_ptr<Backend> backend_;
    std::vector<std::unique_ptr<Slot>> slots_;
    std::map<Owner, Time> silent_since_;
    std::vector<core::JobId> known_;
    std::vector<core::JobId> children_;  ///< that began, each time they did
    std::set<core::JobId> meddled_;      ///< recurring jobs: somebody added a child to theirs
    Owner last_owner_ = kNobody;
    int turns_to_harm_ = 0;
    std::function<void()> harm_;
    std::uint64_t turns_ = 0;
};

/// Runs one seed of the model.
[[nodiscard]] Report simulate(std::uint64_t seed, Bug bug = Bug::None);
[[nodiscard]] Report simulate_clocks(std::uint64_t seed);

}  // namespace jobhost::simulation
