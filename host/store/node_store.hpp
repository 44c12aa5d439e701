#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/job.hpp"
#include "core/parameters.hpp"

namespace jobhost::store {

/// One host process as the others see it.
struct Node {
    core::NodeId id;
    std::string name = {};
    std::string version = {};
    core::LabelMap labels = {};
    core::Instant started_at;
};

/// Who is there and what can be run. [any thread]
class NodeStore {
public:
    virtual ~NodeStore() = default;

    /// Announces this process; before its first claim.
    [[nodiscard]] virtual base::Result<base::Unit> join(const Node& node) = 0;

    /// Publishes the types that this node runs now; replaces what it published before.
    [[nodiscard]] virtual base::Result<base::Unit> publish(
        const std::vector<core::TypeInfo>& types) = 0;

    /// Takes this node out; the last call of an orderly stop.
    [[nodiscard]] virtual base::Result<base::Unit> leave() = 0;

    [[nodiscard]] virtual base::Result<std::vector<Node>> nodes() = 0;

    /// Every type that a live node publishes, by id.
    [[nodiscard]] virtual base::Result<std::vector<core::TypeInfo>> types() = 0;
};

}  // namespace jobhost::store
