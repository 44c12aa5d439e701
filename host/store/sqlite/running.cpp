#include "store/sqlite/running.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace jobhost::store::sqlite {

Running::Running(const Live& live) {
    for (Held& held : live.all_held()) {
        if (held.started_at && !held.dead) {
            held_.emplace(held.key(), std::move(held));
        }
    }
}

const Held* Running::find(JobKey job, int recorded_attempts) const {
    const auto found = held_.find(job);
    return found != held_.end() && found->second.attempt == recorded_attempts + 1 ? &found->second
                                                                                  : nullptr;
}

std::vector<JobKey> Running::newest_first() const {
    std::vector<JobKey> keys;
    for (const auto& [key, held] : held_) {
        keys.push_back(key);
    }
    std::ranges::sort(keys, std::greater());
    return keys;
}

}  // namespace jobhost::store::sqlite
