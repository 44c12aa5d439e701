#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/channel.hpp"
#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/wake.hpp"
#include "core/runner.hpp"
#include "run/options.hpp"
#include "run/output_buffer.hpp"
#include "store/claim_store.hpp"

namespace jobhost::run {

using base::Instant;
using base::Steady;
using core::Token;

/// An attempt that is over and waits to be settled.
struct Ended {
    store::ClaimedJob job;
    core::Outcome outcome;
    core::CancelReason cancelled = core::CancelReason::None;  ///< why it had been asked to stop
    std::optional<core::Duration> retry_base;
    Instant started_at;
    Instant ended_at;
    core::Duration took{};
    std::optional<store::Output> output;
};

/// So many jobs of one type that does not block are held before they begin. They stand in line for
/// the one thread of their type, and a `start` that hangs keeps no more than these waiting.
constexpr int kReadAhead = 500;

/// How much of the host one job type uses.
struct TypeLoad {
    int held = 0;
    int unbegun = 0;  ///< of these
};

/// How much of the host is in use.
struct Load {
    int blocking = 0;      ///< attempts that occupy a worker
    int waiting = 0;       ///< attempts of other runners
    int stuck = 0;         ///< see `watch_limits`
    int lost_workers = 0;  ///< workers that stuck attempts occupy
    std::map<std::string, TypeLoad, std::less<>> by_type;
};

/// What this host holds and runs: the table of its attempts, and the place where they say what
/// happens to them. An end is one value in `ended`. [any thread]
class Attempts final : public core::Sink {
public:
    /// `freed` is set when an attempt ends and its place is free again.
    Attempts(const Options& options, const base::Clock& clock, base::Wake& freed);

    /// Takes the job in; from here on it occupies a place.
    void add(store::ClaimedJob job, std::shared_ptr<core::Runner> runner);

    /// The attempt begins now: its time limit runs from here. Nothing when it was taken out or
    /// asked to stop meanwhile, or when its end time has passed; then it is over without having
    /// begun.
    [[nodiscard]] std::optional<core::Attempt> begin(Token token, const std::string& node);

    /// The runner has come back from `start`. Expected at once after `begin` for runners that do
    /// not block, and asked of them alone.
    void returned(Token token);

    void complete(Token token, core::Outcome outcome) override;
    void output(Token token, core::Stream stream, std::span<const std::byte> bytes) override;
    void progress(Token token, std::optional<int> permyriad, std::string_view note) override;
    [[nodiscard]] core::CancelReason cancel_reason(Token token) const override;

    /// Asks an attempt to stop; the first reason stays. One that has not begun is over at once.
    void cancel(Token token, core::CancelReason reason);
    void cancel_all(core::CancelReason reason);

    /// Cancels what is over its time limit and notes what is stuck: what was asked to stop a grace
    /// period ago and is still there, and a `start` that should have returned at once and takes as
    /// long. Returns when to look again.
    [[nodiscard]] Steady watch_limits();

    /// Waits until that time, or stop, or until something is due before it.
    void wait_for_limits(std::stop_token stop, Steady until);

    /// Takes out what has not begun; the caller hands it back.
    [[nodiscard]] std::vector<Token> take_unbegun();

    /// What running attempts have to show since they were last asked, at most once a second each.
    [[nodiscard]] std::vector<store::AttemptUpdate> take_updates();

    [[nodiscard]] Load load() const;

    /// Attempts that are not over, or whose runner is still inside `start`.
    [[nodiscard]] int left() const;
    [[nodiscard]] bool idle() const { return left() == 0; }

    /// Waits until nothing is left, or `until`, or stop.
    void wait_idle(std::stop_token stop, Steady until);

    /// Ends that wait to be settled.
    base::Channel<Ended>& ended() { return ended_; }

private:
    struct Record {
        store::ClaimedJob job;
        std::shared_ptr<core::Runner> runner;
        bool begun = false;
        Instant started_at;
        Steady started;
        std::optional<Steady> limit;  ///< its place in `Limits`
        core::CancelReason cancelled = core::CancelReason::None;
        bool overdue = false;  ///< asked to stop a grace period ago
        OutputBuffer output;
        std::optional<int> progress;
        std::string note;
        Steady shown;
    };
    /// A call of `start` that should return at once; its attempt may be over before.
    struct Starting {
        core::JobId job;
        std::shared_ptr<core::Runner> runner;
        Steady since;
    };
    using Records = std::unordered_map<Token, Record>;
    /// Orders attempts by the moment at which something is due about them: their time limit, or the
    /// end of their grace period once they were asked to stop.
    using Limits = std::set<std::pair<Steady, Token>>;

    struct State {
        Records records;
        std::map<Token, Starting> starting;
        std::set<Token> stuck;
        std::unordered_set<Token> changed;  ///< have something to show
        Limits limits;
        Steady next_look = Steady::max();
        Load load;  ///< without what is counted from `stuck`

        Record* find(Token token);
        Record take(Records::iterator at);
        void limit(Token token, Record& record, std::optional<Steady> when);
        void count(const Record& record, int by);
        void unstick(Token token);
    };

    void limit(State& state, Token token, Record& record, Steady when);
    void mark_cancelled(State& state, Token token, Record& record, core::CancelReason reason);
    void end(State& state, Records::iterator at, core::Outcome outcome);
    [[nodiscard]] Ended end_of(Record record, core::Outcome outcome) const;

    const Options& options_;
    const base::Clock& clock_;
    base::Wake& freed_;
    base::Wake emptied_;
    base::Wake limits_changed_;
    base::Guarded<State> state_;
    base::Channel<Ended> ended_;
};

}  // namespace jobhost::run
