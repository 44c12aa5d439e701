#include "store/sqlite/running.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace jobhost::store::sqlite {

Running::Running(std::vector<RunningAttempt> attempts) {
    attempts_.reserve(attempts.size());
    for (RunningAttempt& attempt : attempts) {
        attempts_.emplace(attempt.job, std::move(attempt));
    }
}

const RunningAttempt* Running::find(JobKey job, int recorded_attempts) const {
    const auto found = attempts_.find(job);
    return found != attempts_.end() && found->second.number == recorded_attempts + 1
               ? &found->second
               : nullptr;
}

std::vector<JobKey> Running::newest_first() const {
    std::vector<JobKey> keys;
    for (const auto& [key, attempt] : attempts_) {
        keys.push_back(key);
    }
    std::ranges::sort(keys, std::greater());
    return keys;
}

}  // namespace jobhost::store::sqlite
