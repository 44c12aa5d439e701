#include "contract/backfill_contract.hpp"
#include "contract/plan_contract.hpp"
#include "contract/why_contract.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/verify.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::contract {

namespace {

class SqliteBackend final : public Backend {
public:
    explicit SqliteBackend(const base::Clock& clock) : clock_(clock) { open(); }

    [[nodiscard]] store::Database& database() override { return *database_; }

    /// A destructor hands nothing back and settles nothing, so it leaves what a kill leaves.
    void reopen_after_kill() override {
        database_.reset();
        open();
    }

    [[nodiscard]] std::vector<std::string> violations() override {
        const auto found = store::sqlite::verify(file_);
        return found ? *found : std::vector{found.error().message};
    }

private:
    void open() {
        auto opened = store::sqlite::open({.file = file_}, clock_);
        if (!opened) {
            throw std::runtime_error(opened.error().message);
        }
        database_ = *std::move(opened);
    }

    support::TempDir dir_;
    const std::filesystem::path file_ = dir_ / "jobs.db";
    const base::Clock& clock_;
    std::unique_ptr<store::Database> database_;
};

}  // namespace

namespace {

BackendFactory sqlite() {
    return {"Sqlite",
            [](const base::Clock& clock) { return std::make_unique<SqliteBackend>(clock); }};
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(sqlite()));
INSTANTIATE_TEST_SUITE_P(Sqlite, PlanContract, testing::Values(sqlite()));
INSTANTIATE_TEST_SUITE_P(Sqlite, BackfillContract, testing::Values(sqlite()));
INSTANTIATE_TEST_SUITE_P(Sqlite, WhyContract, testing::Values(sqlite()));
INSTANTIATE_TEST_SUITE_P(Sqlite, WhyWalk, testing::Values(sqlite()));

}  // namespace jobhost::contract
