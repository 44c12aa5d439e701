// Every library that is broken at load, as rogues.json lists it: described by the real child,
// loaded by the real registry, side by side with sound ones.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "isolate/describe_child.hpp"
#include "plugin/registry.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::plugin {
namespace {

using namespace std::chrono_literals;

const std::filesystem::path kRogues = ROGUES_DIR;

base::JsonArray listed_rogues() {
    const auto document = base::parse_json(support::read_file(ROGUES_LIST));
    return document->value.at("load").as_array();
}

std::string folder_of(const base::JsonObject& rogue) {
    const auto* const folder = base::find(rogue, "folder");
    return folder == nullptr ? "load" : std::string(folder->as_string());
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    return text;
}

/// A host that was given the folder of rogues, once for all tests.
class Rogues : public testing::Test {
protected:
    static void SetUpTestSuite() {
        dir_ = new support::TempDir();
        registry_ = load("load", 30s).release();
    }
    static void TearDownTestSuite() {
        delete registry_;
        delete dir_;
    }

    static std::unique_ptr<Registry> load(const std::string& folder, base::Duration init_timeout) {
        isolate::DescribeChild describer(2s, CHILD_PROGRAM);
        Options options;
        options.dirs = {kRogues / folder};
        options.stage_dir = dir_->path() / "stage";
        options.init_timeout = init_timeout;
        auto registry = Registry::load(options, {"node-1", "9.9.9"}, describer);
        EXPECT_TRUE(registry) << registry.error().message;
        return registry ? *std::move(registry) : nullptr;
    }

    static const PluginStatus* status_of(const Registry& registry, const std::string& file) {
        static std::vector<PluginStatus> statuses;
        statuses = registry.plugins();
        const auto found = std::ranges::find_if(
            statuses, [&](const PluginStatus& status) { return status.file.filename() == file; });
        return found == statuses.end() ? nullptr : &*found;
    }

    static void expect_as_listed(const PluginStatus& status, const base::JsonObject& rogue) {
        EXPECT_EQ(status.active, rogue.at("state") == "active") << status.reason;
        if (const auto* const reasons = base::find(rogue, "reason")) {
            for (const auto& words : reasons->as_array()) {
                EXPECT_NE(lower(status.reason).find(lower(std::string(words.as_string()))),
                          std::string::npos)
                    << status.reason;
            }
        }
        if (const auto* const types = base::find(rogue, "types")) {
            std::vector<std::string> expected;
            for (const auto& type : types->as_array()) {
                expected.emplace_back(type.as_string());
            }
            EXPECT_EQ(status.types, expected);
        }
        if (base::find(rogue, "reduced") != nullptr) {
            EXPECT_TRUE(status.reduced);
        }
    }

    static support::TempDir* dir_;
    static Registry* registry_;
};

support::TempDir* Rogues::dir_ = nullptr;
Registry* Rogues::registry_ = nullptr;

TEST_F(Rogues, AreListedWithTheirReasonsBesideTheSoundOnes) {
    for (const auto& entry : listed_rogues()) {
        const auto& rogue = entry.as_object();
        if (folder_of(rogue) != "load") {
            continue;
        }
        const std::string file(rogue.at("file").as_string());
        SCOPED_TRACE(file);
        const auto* const status = status_of(*registry_, file);
        ASSERT_NE(status, nullptr);
        expect_as_listed(*status, rogue);
    }
}

TEST_F(Rogues, AreAllListedInTheFile) {
    std::set<std::string> known;
    for (const auto& entry : listed_rogues()) {
        known.emplace(entry.at("file").as_string());
    }
    for (const auto& status : registry_->plugins()) {
        EXPECT_TRUE(known.contains(status.file.filename().string())) << status.file;
    }
}

TEST_F(Rogues, GivenAReasonIfAndOnlyIfSomethingWasRefused) {
    for (const auto& status : registry_->plugins()) {
        const bool partly = status.file.filename() == "runner_critical_flag.so";
        EXPECT_EQ(status.reason.empty(), status.active && !partly) << status.file;
    }
}

TEST_F(Rogues, LeaveNoProcessBehind) {
    // All were children of this one, or of those.
    EXPECT_FALSE(
        std::filesystem::exists("/proc/self/task/" + std::to_string(::getpid()) + "/children") &&
        !support::read_file("/proc/self/task/" + std::to_string(::getpid()) + "/children").empty());
}

TEST_F(Rogues, EachOneThatHangsIsRefusedWithItsReason) {
    const auto release = dir_->path() / "release";
    ::setenv("ROGUE_RELEASE", release.c_str(), 1);
    const auto registry = load("hangs", 100ms);
    dir_->write("release", "");
    for (const auto& entry : listed_rogues()) {
        const auto& rogue = entry.as_object();
        if (folder_of(rogue) == "hangs") {
            const auto* const status =
                status_of(*registry, std::string(rogue.at("file").as_string()));
            ASSERT_NE(status, nullptr);
            expect_as_listed(*status, rogue);
        }
    }
}

}  // namespace
}  // namespace jobhost::plugin
