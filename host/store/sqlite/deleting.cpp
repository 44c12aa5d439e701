#include "store/sqlite/deleting.hpp"

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <vector>

#include "store/sqlite/forgetting.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

/// The job, and after it whatever was made for it.
std::vector<JobKey> family_of(Turn& turn, JobKey job) {
    std::vector<JobKey> family{job};
    for (std::size_t next = 0; next < family.size(); ++next) {
        auto rows = turn.db.query(kChildren, family[next]);
        while (rows.next()) {
            family.push_back(rows.column<JobKey>(0));
        }
    }
    return family;
}

bool is_alive(Turn& turn, JobKey job) {
    const auto standing = standing_of(turn.db, job);
    return standing && !core::is_final(standing->status);
}

}  // namespace

bool has_live_children(Turn& turn, JobKey job) {
    const auto family = family_of(turn, job);
    return std::ranges::any_of(family | std::views::drop(1),
                               [&](JobKey child) { return is_alive(turn, child); });
}

void delete_family(Turn& turn, JobKey job) {
    // Children go before their parents: a job with children is not forgotten.
    for (const JobKey member : family_of(turn, job) | std::views::reverse) {
        forget(turn, member);
    }
}

}  // namespace jobhost::store::sqlite
