#include "app/view.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "plugin/describer.hpp"
#include "store/sqlite/database.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::app {
namespace {

class NoDescriber final : public plugin::Describer {
public:
    base::Result<std::string> describe(const std::filesystem::path&) override {
        return std::string();
    }
    [[nodiscard]] std::string identity() const override { return {}; }
};

plugin::Options no_plugins(const std::filesystem::path& stage_dir) {
    plugin::Options options;
    options.stage_dir = stage_dir;
    return options;
}

class ViewTest : public testing::Test {
protected:
    bool alive(const std::string& loop) {
        const auto checks = view.liveness();
        const auto found = std::ranges::find(checks, loop, &http::Check::name);
        return found != checks.end() && found->ok;
    }

    support::TempDir dir;
    support::ManualClock clock;
    base::Metrics metrics;
    events::Bus bus;
    NoDescriber describer;
    std::unique_ptr<store::Database> database =
        std::move(*store::sqlite::open({.file = dir.path() / "jobs.db"}, clock));
    plugin::Options plugins = no_plugins(dir.path() / "stage");
    std::unique_ptr<plugin::Registry> registry =
        std::move(*plugin::Registry::load(plugins, {"node", "1.0.0"}, describer));
    run::Engine engine{{.workers = 1},
                       {.claims = database->claims(),
                        .runners = *registry,
                        .bus = bus,
                        .metrics = metrics,
                        .clock = clock,
                        .node = core::NodeId::make(clock.now()),
                        .node_name = "node"}};
    Health health{*database, metrics, clock};
    View view{{}, *registry, engine, health, clock};
};

TEST_F(ViewTest, AThreadThatHangsIsNotAlive) {
    EXPECT_TRUE(alive("dispatch"));
    EXPECT_TRUE(alive("settle"));
    EXPECT_TRUE(alive("upkeep"));
    clock.advance(std::chrono::minutes(2));
    EXPECT_FALSE(alive("dispatch"));
    EXPECT_FALSE(alive("settle"));
    EXPECT_FALSE(alive("upkeep"));
    health.step();
    EXPECT_TRUE(alive("upkeep"));
}

TEST_F(ViewTest, AHostThatStopsHasNoPlaceForAJob) {
    EXPECT_FALSE(view.places("test.run").is_draining);
    EXPECT_EQ(view.places("test.run").all, 1);
    view.enter(Phase::Draining);
    EXPECT_TRUE(view.places("test.run").is_draining);
}

TEST_F(ViewTest, StandbyIsAStateOfAHostThatIsReady) {
    view.set_standby(true);
    EXPECT_EQ(view.status().state, "starting");
    view.enter(Phase::Ready);
    EXPECT_EQ(view.status().state, "standby");
    EXPECT_TRUE(view.places("test.run").is_draining);
    const auto checks = view.readiness();
    EXPECT_TRUE(std::ranges::find(checks, "phase", &http::Check::name)->ok) << "it takes jobs in";
    view.set_standby(false);
    EXPECT_EQ(view.status().state, "ready");
    view.set_standby(true);
    view.enter(Phase::Draining);
    EXPECT_EQ(view.status().state, "draining");
}

}  // namespace
}  // namespace jobhost::app
