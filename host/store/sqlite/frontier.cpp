#include "store/sqlite/frontier.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace jobhost::store::sqlite {

void Frontier::learn(Lane lane) {
    const LaneId id = lane.id;
    if (!lanes_.contains(id)) {
        if (can_run(lane)) {
            served_[lane.type].push_back(id);
        }
        lanes_.emplace(id, Known{std::move(lane), {}});
    }
}

void Frontier::serve(std::set<std::string> types) {
    types_ = std::move(types);
    sort_lanes();
}

void Frontier::carry(core::LabelMap labels) {
    labels_ = std::move(labels);
    sort_lanes();
}

void Frontier::add(const ReadyKey& row) {
    const auto lane = lanes_.find(row.lane);
    JOBHOST_ASSERT(lane != lanes_.end());
    const Position below{row.position.due, {row.position.job.value - 1}};
    const auto [floor, is_new] = lane->second.floors.try_emplace(row.rank, below);
    if (!is_new) {
        floor->second = std::min(floor->second, below);
    }
}

void Frontier::advance(LaneId lane, Rank rank, Position to) {
    lanes_.at(lane).floors.at(rank) = to;
}

void Frontier::close(LaneId lane, Rank rank) { lanes_.at(lane).floors.erase(rank); }

void Frontier::collect(const std::string& type, std::vector<Pair>& into) const {
    const auto served = served_.find(type);
    if (served == served_.end()) {
        return;
    }
    for (const LaneId id : served->second) {
        const Known& known = lanes_.at(id);
        for (const auto& [rank, floor] : known.floors) {
            into.push_back({id, rank, floor, &known.lane.type});
        }
    }
}

const std::string& Frontier::type_of(LaneId lane) const { return lanes_.at(lane).lane.type; }

bool Frontier::can_run(const Lane& lane) const {
    return types_.contains(lane.type) &&
           std::ranges::all_of(lane.labels, [this](const auto& wanted) {
               const auto carried = labels_.find(wanted.first);
               return carried != labels_.end() && carried->second == wanted.second;
           });
}

void Frontier::sort_lanes() {
    served_.clear();
    for (const auto& [id, known] : lanes_) {
        if (can_run(known.lane)) {
            served_[known.lane.type].push_back(id);
        }
    }
}

}  // namespace jobhost::store::sqlite
