#pragma once

#include <unordered_map>
#include <vector>

#include "store/sqlite/live.hpp"

namespace jobhost::store::sqlite {

/// What ran at one moment, for a reader to lay beside what it reads. Taken *before* the database is
/// read; where both speak of a job the database is newer and right: an attempt that it has recorded
/// does not run any more.
class Running {
public:
    explicit Running(std::vector<RunningAttempt> attempts);

    /// The attempt that runs of a job which has so many attempts recorded; null when none does.
    [[nodiscard]] const RunningAttempt* find(JobKey job, int recorded_attempts) const;
    /// Everything that ran, newest job first.
    [[nodiscard]] std::vector<JobKey> newest_first() const;

private:
    std::unordered_map<JobKey, RunningAttempt> attempts_;
};

}  // namespace jobhost::store::sqlite
