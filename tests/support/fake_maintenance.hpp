#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "store/maintenance_store.hpp"

namespace jobhost::support {

/// A store whose pages were written down before; fails on demand.
class FakeMaintenance final : public store::MaintenanceStore {
public:
    base::Result<store::Pruned> prune(const store::Cutoffs& cutoffs, int) override {
        asked.push_back(cutoffs);
        return next(pruned);
    }
    base::Result<store::Checked> check(int) override { return next(checked); }

    std::optional<base::Error> failure;
    std::deque<store::Pruned> pruned;
    std::deque<store::Checked> checked;
    std::vector<store::Cutoffs> asked;

private:
    template <typename Page>
    base::Result<Page> next(std::deque<Page>& pages) {
        if (failure) {
            return *failure;
        }
        const Page page = pages.empty() ? Page{} : pages.front();
        if (!pages.empty()) {
            pages.pop_front();
        }
        return page;
    }
};

}  // namespace jobhost::support
