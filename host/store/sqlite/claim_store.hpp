#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "store/claim_store.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/history.hpp"
#include "store/sqlite/live.hpp"
#include "store/sqlite/picker.hpp"
#include "store/sqlite/readers.hpp"
#include "store/sqlite/writer.hpp"

namespace jobhost::store::sqlite {

/// A claim writes nothing to the database: it reads `ready` and remembers in `Live` what it took.
class SqliteClaimStore final : public ClaimStore {
public:
    /// What is passed by reference must outlive this.
    SqliteClaimStore(std::filesystem::path file,
                     Readers& readers,
                     Writer& writer,
                     base::Guarded<Live>& live,
                     Epoch epoch,
                     const base::Clock& clock,
                     int attempts_kept = kLastAttemptsKept);

    base::Result<Claim> claim(const ClaimRequest& request) override;
    void started(std::span<const core::Token> tokens) override;
    base::Result<std::vector<Settled>> settle(std::span<const Settlement> settlements) override;
    base::Result<base::Unit> hand_back(std::span<const core::Token> tokens) override;
    base::Result<base::Unit> update(std::span<const AttemptUpdate> updates) override;
    base::Result<std::vector<DeadClaim>> dead_claims(int limit) override;

private:
    struct Taken {
        Held held;
        std::string type;
        core::NodeId node = {};  ///< only of what dead nodes hold
    };

    struct Fairness {
        std::uint64_t claims = 0;
        Rank last;  ///< that got a place though there was a better one
    };

    base::Result<base::Unit> ensure_reading();
    base::Result<bool> promote_due(core::Instant now);
    std::vector<Taken> read(const ClaimRequest& request, core::Instant now, Claim& claim);
    std::vector<Taken> take(Live& live, ClaimRequest request);
    void give_up(const std::vector<Taken>& taken);
    std::optional<core::Instant> next_due(core::Instant after);
    [[nodiscard]] std::vector<Taken> dead(int limit) const;

    std::mutex claiming_;                  ///< one claim at a time; guards what follows
    std::unique_ptr<Connection> reading_;  ///< for claims alone; null until the first one
    /// By the first type that is asked for: who claims different types by turns is fair to each.
    std::map<std::string, Fairness> fairness_;
    std::int64_t last_token_ = 0;

    const std::filesystem::path file_;
    Readers& readers_;
    Writer& writer_;
    base::Guarded<Live>& live_;
    const Epoch epoch_;
    const base::Clock& clock_;
    const int attempts_kept_;
};

}  // namespace jobhost::store::sqlite
