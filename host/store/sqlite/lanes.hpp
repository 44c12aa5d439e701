#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/job.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/keys.hpp"

namespace jobhost::store::sqlite {

/// A class of jobs that the same nodes can run: those that have the type and carry the labels.
struct Lane {
    LaneId id;
    std::string type;
    core::LabelMap labels;
};

/// Labels as they are kept: a JSON object with sorted names, so equal labels are equal texts.
[[nodiscard]] std::string labels_to_text(const core::LabelMap& labels);
[[nodiscard]] core::LabelMap labels_from_text(std::string_view text);

[[nodiscard]] std::vector<Lane> read_lanes(Connection& connection);

/// The lanes that are in the database, by what they stand for; saves the writer a look-up for each
/// job. [writer]
class LaneBook {
public:
    void learn(const Lane& lane);
    /// The lane's id, or 0 when it is not known here.
    [[nodiscard]] LaneId find(const std::string& type, const std::string& labels) const;

private:
    std::map<std::pair<std::string, std::string>, LaneId> ids_;
};

}  // namespace jobhost::store::sqlite
