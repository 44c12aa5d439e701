// Each runner of rogue.run behind the border: how its attempt ends, what it was answered, and
// whether it is counted as misbehaving, as rogues.json has it. Those that need a time-out of the
// host are for the scenarios.
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <dlfcn.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "sdk/border_harness.hpp"

namespace jobhost::sdk_test {
namespace {

/// The runners that are listed, by job type, without those that need a time-out.
std::map<std::string, base::JsonObject> listed_rogues() {
    std::ifstream file(ROGUES_LIST);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto document = base::parse_json(text);
    std::map<std::string, base::JsonObject> rogues;
    for (const auto& rogue : document->value.at("run").as_array()) {
        if (!rogue.as_object().contains("timeout")) {
            rogues[std::string(rogue.at("type").as_string())] = rogue.as_object();
        }
    }
    return rogues;
}

std::string text_at(const base::JsonObject& rogue, std::string_view key) {
    const auto* value = base::find(rogue, key);
    return value == nullptr ? "" : std::string(value->as_string());
}

const jh_plugin& load_rogue() {
    void* library = dlopen(ROGUES_RUN, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        throw std::runtime_error(dlerror());
    }
    using Entry = const jh_plugin*(const jh_host*);
    return *reinterpret_cast<Entry*>(dlsym(library, "jobhost_plugin_v1"))(nullptr);
}

class RogueRun : public ::testing::TestWithParam<std::string> {
protected:
    Loaded plugin_{load_rogue()};

    Told run(const base::JsonObject& rogue) {
        const auto type = text_at(rogue, "type");
        const auto* args = base::find(rogue, "args");
        const auto text = args == nullptr ? "{}" : base::to_text(*args);
        if (rogue.contains("tries")) {
            plugin_.sink().wait(plugin_.start(type, text, 1));
            return plugin_.sink().wait(plugin_.start(type, text, 2));
        }
        return plugin_.run(type, text);
    }
};

void expect_failure(const core::Failure& failure, const base::JsonObject& rogue) {
    EXPECT_EQ(core::name(failure.category), text_at(rogue, "category"));
    EXPECT_EQ(failure.type, text_at(rogue, "error"));
    for (const auto& word : rogue.at("message").as_array()) {
        EXPECT_NE(failure.message.find(word.as_string()), std::string::npos) << failure.message;
    }
}

TEST_P(RogueRun, EndsAsListed) {
    const auto rogue = listed_rogues().at(GetParam());
    const auto told = run(rogue);
    EXPECT_EQ(core::name(core::kind_of(told.outcome)), text_at(rogue, "outcome"));
    if (text_at(rogue, "outcome") == "failed") {
        expect_failure(failure_of(told), rogue);
    }
    if (const auto* result = base::find(rogue, "result")) {
        EXPECT_EQ(told.outcome.result_json, base::to_text(*result));
    }
    if (const auto* seen = base::find(rogue, "then_report")) {
        EXPECT_EQ(plugin_.run("rogue.report").outcome.result_json, base::to_text(*seen));
    }
    EXPECT_EQ(plugin_.broken_rules() > 0, rogue.at("misbehaves").as_bool());
}

TEST_P(RogueRun, LeavesThePluginUsable) {
    run(listed_rogues().at(GetParam()));
    plugin_.run("rogue.report");
    EXPECT_EQ(failure_of(plugin_.run("rogue.fails-twice")).type, "rogue.first");
}

std::vector<std::string> types() {
    std::vector<std::string> found;
    for (const auto& [type, rogue] : listed_rogues()) {
        found.push_back(type);
    }
    return found;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
    auto name = info.param.substr(std::string("rogue.").size());
    std::ranges::replace(name, '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Listed, RogueRun, ::testing::ValuesIn(types()), test_name);

}  // namespace
}  // namespace jobhost::sdk_test
