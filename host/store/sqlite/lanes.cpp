#include "store/sqlite/lanes.hpp"

#include "base/json.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

std::string labels_to_text(const core::LabelMap& labels) {
    base::JsonObject object;
    for (const auto& [name, value] : labels) {
        object[name] = value;
    }
    return base::to_text(object);
}

core::LabelMap labels_from_text(std::string_view text) {
    core::LabelMap labels;
    const auto parsed = base::parse_json(std::string(text));
    if (!parsed || !parsed->value.is_object()) {
        return labels;
    }
    for (const auto& [name, value] : parsed->value.get_object()) {
        if (const auto* label = value.if_string()) {
            labels.emplace(std::string(name), std::string(*label));
        }
    }
    return labels;
}

std::vector<Lane> read_lanes(Connection& connection) {
    std::vector<Lane> lanes;
    auto rows = connection.query(kAllLanes);
    while (rows.next()) {
        lanes.push_back({.id = rows.column<LaneId>(0),
                         .type = rows.column<std::string>(1),
                         .labels = labels_from_text(rows.column<std::string>(2))});
    }
    return lanes;
}

void LaneBook::learn(const Lane& lane) {
    ids_.emplace(std::pair(lane.type, labels_to_text(lane.labels)), lane.id);
}

LaneId LaneBook::find(const std::string& type, const std::string& labels) const {
    const auto found = ids_.find({type, labels});
    return found == ids_.end() ? LaneId{} : found->second;
}

}  // namespace jobhost::store::sqlite
