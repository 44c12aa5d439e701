#pragma once

#include <string>

#include "run/attempts.hpp"
#include "run/worker_pool.hpp"
#include "store/claim_store.hpp"

namespace jobhost::run {

/// The story of one attempt, on the thread of a worker: begin, ask the plugin for its opinion on
/// the arguments, start. Its end arrives in `attempts.ended()`.
class AttemptStory {
public:
    /// The references must outlive this. `node` is the name of this host.
    AttemptStory(Attempts& attempts, store::ClaimStore& claims, std::string node);

    void tell(const Assignment& assignment);

private:
    void enter(core::Runner& runner, core::Attempt attempt);

    Attempts& attempts_;
    store::ClaimStore& claims_;
    std::string node_;
};

/// What an end means when the attempt had been asked to stop: giving in to a time limit is a
/// time-out, giving in to the host's own stop is an interruption, and stopping unasked is a
/// failure.
[[nodiscard]] core::Outcome judge(core::Outcome outcome, core::CancelReason cancelled);

}  // namespace jobhost::run
