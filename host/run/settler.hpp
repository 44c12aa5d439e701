#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "events/bus.hpp"
#include "run/attempts.hpp"

namespace jobhost::run {

/// Takes the ends of attempts, decides what follows, and writes both in batches: while one batch is
/// being written the next one gathers. What cannot be written now is kept and tried again; what the
/// store refuses for good is dropped. Driven by one thread; `unsettled` may be asked by any.
class Settler {
public:
    /// The references must outlive this. `seed` spreads the delays of retries.
    Settler(const Options& options,
            Attempts& attempts,
            store::ClaimStore& claims,
            events::Bus& bus,
            base::Metrics& metrics,
            const base::Clock& clock,
            core::NodeId node,
            std::uint64_t seed = std::random_device{}());

    /// One turn: settles what ended and shows what running attempts print. Returns when it wants
    /// its next turn though nothing ended: at once after a failure's pause, else in a second.
    Steady step();

    /// Ends that are not written yet.
    [[nodiscard]] std::size_t unsettled() const { return attempts_.ended().size() + kept_.load(); }

    /// Did the last turn leave ends that could not be written? [the driving thread]
    [[nodiscard]] bool keeps_ends() const { return !waiting_.empty(); }

private:
    /// The metrics of one job type.
    struct Series {
        base::Histogram* took = nullptr;
        std::map<core::AttemptOutcome, base::Counter*> finished;
    };

    [[nodiscard]] store::Settlement settlement_of(Ended& ended);
    void settle(std::vector<Ended> batch);
    void write(std::span<Ended> batch, std::span<store::Settlement> settlements);
    void write_without_texts(std::span<Ended> one,
                             std::span<store::Settlement> refused,
                             const base::Error& refusal);
    void keep(std::span<Ended> batch,
              std::span<store::Settlement> settlements,
              const base::Error& failure);
    void applied(const Ended& ended,
                 const store::Settlement& settlement,
                 const store::Settled& settled);
    void count(const Ended& ended, core::AttemptOutcome outcome);
    void show_updates();
    [[nodiscard]] Steady next_turn();

    const Options& options_;
    Attempts& attempts_;
    store::ClaimStore& claims_;
    events::Bus& bus_;
    base::Metrics& metrics_;
    std::map<std::string, Series> series_;  ///< by job type
    const base::Clock& clock_;
    core::NodeId node_;
    std::vector<Ended> waiting_;  ///< could not be written yet
    std::atomic<std::size_t> kept_{0};
    int failures_ = 0;  ///< writes that failed in a row
    std::mt19937_64 random_;
};

}  // namespace jobhost::run
