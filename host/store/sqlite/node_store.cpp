#include "store/sqlite/node_store.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

SqliteNodeStore::SqliteNodeStore(Writer& writer,
                                 base::Guarded<Live>& live,
                                 const OwnerLock& lock,
                                 Epoch epoch)
    : writer_(writer), live_(live), lock_(lock), epoch_(epoch) {}

base::Result<base::Unit> SqliteNodeStore::join(const Node& node) {
    auto joined = writer_.run([epoch = epoch_, node](Turn& turn) {
        turn.db.run(kJoinBoot, epoch, node.id, node.name);
        turn.after_commit([epoch, node](Live& live) {
            live.know(epoch, {node.id, node.name});
            live.frontier().carry(node.labels);
        });
        return base::Unit{};
    });
    if (joined) {
        lock_.sign(node.name);
        self_.with([&](Self& self) { self.node = node; });
    }
    return joined;
}

base::Result<base::Unit> SqliteNodeStore::publish(const std::vector<core::TypeInfo>& types) {
    self_.with([&](Self& self) {
        self.types = types;
        std::ranges::sort(self.types, {}, &core::TypeInfo::id);
    });
    serve(types);
    return base::done();
}

base::Result<base::Unit> SqliteNodeStore::leave() {
    self_.with([](Self& self) { self = {}; });
    serve({});
    return base::done();
}

base::Result<std::vector<Node>> SqliteNodeStore::nodes() {
    return self_.with(
        [](const Self& self) { return self.node ? std::vector{*self.node} : std::vector<Node>{}; });
}

base::Result<std::vector<core::TypeInfo>> SqliteNodeStore::types() {
    return self_.with(
        [](const Self& self) { return self.node ? self.types : std::vector<core::TypeInfo>{}; });
}

void SqliteNodeStore::serve(const std::vector<core::TypeInfo>& types) {
    std::set<std::string> ids;
    for (const core::TypeInfo& type : types) {
        ids.insert(type.id);
    }
    live_.with([&](Live& live) { live.frontier().serve(std::move(ids)); });
}

}  // namespace jobhost::store::sqlite
