#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "store/claim_store.hpp"

namespace jobhost::support {

/// A claim store that gives what it was told to give and keeps what it was asked; fails on demand.
class FakeClaims final : public store::ClaimStore {
public:
    base::Result<store::Claim> claim(const store::ClaimRequest& request) override {
        claims.push_back(request);
        if (failure) {
            return *failure;
        }
        return std::exchange(next, {});
    }
    void started(std::span<const core::Token> tokens) override {
        begun.insert(begun.end(), tokens.begin(), tokens.end());
    }
    base::Result<std::vector<store::Settled>> settle(
        std::span<const store::Settlement> settlements) override {
        batches.push_back(settlements.size());
        if (failure) {
            return *failure;
        }
        for (const store::Settlement& settlement : settlements) {
            if (refuses && refuses(settlement)) {
                return base::Error{base::ErrorKind::Internal, "refused", "a row is refused"};
            }
        }
        settled.insert(settled.end(), settlements.begin(), settlements.end());
        std::vector<store::Settled> answers;
        for (const store::Settlement& settlement : settlements) {
            answers.push_back(
                {verdict, core::land(settlement.transition, want, settlement.ended_at)});
        }
        return answers;
    }
    base::Result<base::Unit> hand_back(std::span<const core::Token> tokens) override {
        handed_back.insert(handed_back.end(), tokens.begin(), tokens.end());
        return base::done();
    }
    base::Result<base::Unit> update(std::span<const store::AttemptUpdate> shown) override {
        updates.insert(updates.end(), shown.begin(), shown.end());
        return base::done();
    }
    base::Result<std::vector<store::DeadClaim>> dead_claims(int limit) override {
        if (failure) {
            return *failure;
        }
        std::vector<store::DeadClaim> page;
        while (!dead.empty() && static_cast<int>(page.size()) < limit) {
            page.push_back(dead.front());
            dead.pop_front();
        }
        return page;
    }

    store::Claim next;
    std::deque<store::DeadClaim> dead;
    std::optional<base::Error> failure;
    std::function<bool(const store::Settlement&)> refuses;
    store::SettleVerdict verdict = store::SettleVerdict::Applied;
    core::Want want = core::Want::Nothing;  ///< of everything that is settled
    std::vector<store::ClaimRequest> claims;
    std::vector<core::Token> begun;
    std::vector<std::size_t> batches;
    std::vector<store::Settlement> settled;
    std::vector<core::Token> handed_back;
    std::vector<store::AttemptUpdate> updates;
};

inline core::TypeInfo type_named(const std::string& id, bool blocking = true, int most = 0) {
    core::TypeInfo type;
    type.id = id;
    type.blocking = blocking;
    type.max_concurrency = most;
    return type;
}

inline store::ClaimedJob claimed(std::int64_t token, const std::string& type = "test.run") {
    store::ClaimedJob job;
    job.id = core::JobId::make(base::Instant(std::chrono::milliseconds(token)));
    job.token = core::Token{token};
    job.type = type;
    job.args = "{}";
    return job;
}

inline std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace jobhost::support
