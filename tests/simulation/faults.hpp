#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace jobhost::simulation {

/// What goes wrong.
enum class Fault : std::size_t {
    RefusedBefore,  ///< a store call fails before it did anything
    FailedInside,   ///< a statement fails, and its transaction is rolled back
    LostAnswer,     ///< the commit took place and the answer is lost
    LostCommit,     ///< the same answer, but nothing was committed
    Delay,          ///< a call, a statement or a commit takes long, with the locks that are held
    Outage,         ///< the store is away for all
    UnwritableRow,  ///< the store refuses one row of a batch for good
    Crash,          ///< a node is gone without a word
    CrashInTransaction,  ///< the same while a transaction of it is open
    Freeze,              ///< a node stands still for less than its lease
    FreezeBeyondLease,   ///< and for more; it comes back as somebody who was declared dead
    OrderlyStop,         ///< a node stops as it is asked to
    ClockForward,        ///< a node's wall clock jumps
    ClockBack,
    AllClocks,        ///< all of them at once
    StubbornAttempt,  ///< an attempt does not stop when asked
    LateCancel,       ///< an attempt succeeds though it was asked to stop
    Count
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Fault::Count)> kFaultNames{
    "refused before",
    "failed inside",
    "lost answer",
    "lost commit",
    "delay",
    "outage",
    "unwritable row",
    "crash",
    "crash in transaction",
    "freeze",
    "freeze beyond lease",
    "orderly stop",
    "clock forward",
    "clock back",
    "all clocks",
    "stubborn attempt",
    "late cancel"};

/// How often each kind happened, so that a simulation that stopped injecting is noticed.
struct FaultCounts {
    std::array<std::uint64_t, static_cast<std::size_t>(Fault::Count)> times{};

    void add(Fault fault) { ++times[static_cast<std::size_t>(fault)]; }
    void add(const FaultCounts& other) {
        for (std::size_t i = 0; i < times.size(); ++i) {
            times[i] += other.times[i];
        }
    }
};

}  // namespace jobhost::simulation
