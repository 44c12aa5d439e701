#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/guarded.hpp"
#include "store/node_store.hpp"
#include "store/sqlite/live.hpp"
#include "store/sqlite/owner_lock.hpp"
#include "store/sqlite/writer.hpp"

namespace jobhost::store::sqlite {

/// One host per file, so the only live node is this one. Its identity is kept, since attempts and
/// what a killed process held refer to it; what it can run is only of interest while it lives.
class SqliteNodeStore final : public NodeStore {
public:
    /// What is passed by reference must outlive this.
    SqliteNodeStore(Writer& writer, base::Guarded<Live>& live, const OwnerLock& lock, Epoch epoch);

    base::Result<base::Unit> join(const Node& node) override;
    base::Result<base::Unit> publish(const std::vector<core::TypeInfo>& types) override;
    base::Result<base::Unit> leave() override;
    base::Result<std::vector<Node>> nodes() override;
    base::Result<std::vector<core::TypeInfo>> types() override;

private:
    struct Self {
        std::optional<Node> node;
        std::vector<core::TypeInfo> types;
    };

    void serve(const std::vector<core::TypeInfo>& types);

    Writer& writer_;
    base::Guarded<Live>& live_;
    const OwnerLock& lock_;
    const Epoch epoch_;
    base::Guarded<Self> self_;
};

}  // namespace jobhost::store::sqlite
