#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/job.hpp"
#include "store/sqlite/keys.hpp"
#include "store/sqlite/lanes.hpp"

namespace jobhost::store::sqlite {

/// How far the claim has read. For each pair of lane and rank that may have rows it knows a
/// *floor*: every row of the pair at or below it is held or being moved, so a claim starts behind
/// it and never reads past rows again. A pair that is not listed has no free row at all.
///
/// That is exact, not a guess: this process is the only writer and tells every row that becomes
/// free, after the commit. Not thread-safe.
class Frontier {
public:
    /// A source of rows for one claim.
    struct Pair {
        LaneId lane;
        Rank rank;
        Position floor;
        const std::string* type;  ///< valid until the next `learn`
    };

    void learn(Lane lane);
    /// What this node can run; pairs of other lanes are kept but not offered.
    void serve(std::set<std::string> types);
    void carry(core::LabelMap labels);

    /// The row is free now: a later claim will see it.
    void add(const ReadyKey& row);
    /// Every row of the pair up to here is held.
    void advance(LaneId lane, Rank rank, Position to);
    /// No row of the pair is free.
    void close(LaneId lane, Rank rank);

    /// The pairs of one type that this node can run, in order of rank within each lane.
    void collect(const std::string& type, std::vector<Pair>& into) const;

    [[nodiscard]] const std::set<std::string>& types() const { return types_; }
    [[nodiscard]] const core::LabelMap& labels() const { return labels_; }

    [[nodiscard]] bool knows(LaneId lane) const { return lanes_.contains(lane); }
    [[nodiscard]] const std::string& type_of(LaneId lane) const;

private:
    struct Known {
        Lane lane;
        std::map<Rank, Position> floors;
    };

    [[nodiscard]] bool can_run(const Lane& lane) const;
    void sort_lanes();

    std::unordered_map<LaneId, Known> lanes_;
    std::map<std::string, std::vector<LaneId>> served_;  ///< by type, only what this node can run
    std::set<std::string> types_;
    core::LabelMap labels_;
};

}  // namespace jobhost::store::sqlite
