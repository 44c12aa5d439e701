#pragma once

#include "base/metrics.hpp"
#include "base/result.hpp"
#include "store/claim_store.hpp"

namespace jobhost::upkeep {

/// Brings back what dead hosts held: each of their attempts is settled as `lost` when it had begun
/// and as `interrupted` when it had not, by the same rules as any other end. Never a crash: that a
/// host died says nothing about the job.
class Rescuer {
public:
    /// The references must outlive this.
    Rescuer(store::ClaimStore& claims, base::Metrics& metrics, const base::Clock& clock);

    /// Rescues one page; returns how many jobs it held, 0 when nothing is left.
    [[nodiscard]] base::Result<int> step();

private:
    [[nodiscard]] store::Settlement settlement_of(const store::DeadClaim& dead, core::Instant now);

    store::ClaimStore& claims_;
    base::Counter& lost_;
    base::Counter& interrupted_;
    const base::Clock& clock_;
};

}  // namespace jobhost::upkeep
