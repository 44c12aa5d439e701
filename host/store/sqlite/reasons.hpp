#pragma once

#include <optional>
#include <set>
#include <string>

#include "core/why.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/live.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/running.hpp"

/// What a claim goes by, of one job, for those who ask why.
namespace jobhost::store::sqlite {

/// What memory says, noted before the database is read, like `Running`.
struct ClaimView {
    core::Instant now;
    std::optional<Held> held = {};  ///< nothing when nobody holds the job
    KnownNode holder = {};
    std::optional<KnownNode> node = {};  ///< this process, once it has joined
    std::set<std::string> types = {};    ///< that it publishes
    core::LabelMap labels = {};          ///< that it carries
};

/// Of the job with that key; of none when there is no such job.
[[nodiscard]] ClaimView claim_view(const Live& live,
                                   Epoch epoch,
                                   std::optional<JobKey> job,
                                   core::Instant now);

/// The job itself, and of a recurring one the latest `limit` occurrences up to `until`.
[[nodiscard]] core::WhyFacts read_reasons(Connection& connection,
                                          const Standing& standing,
                                          const ClaimView& view,
                                          const Running& running,
                                          core::Instant until,
                                          int limit);

}  // namespace jobhost::store::sqlite
