#include "config/keys.hpp"

#include <set>

#include <gtest/gtest.h>

namespace jobhost::config {
namespace {

TEST(Keys, EachStandsOnceAndSaysWhatItIs) {
    std::set<std::string> names;
    for (const auto& key : keys()) {
        EXPECT_TRUE(names.insert(key.full_name()).second) << key.full_name();
        EXPECT_FALSE(key.form().empty()) << key.full_name();
        EXPECT_TRUE(key.help.ends_with('.')) << key.full_name();
        EXPECT_EQ(find_key(key.section, key.name), &key);
        // What the file does not say is said in the help.
        EXPECT_EQ(key.default_text.empty(), key.help.find("Default:") != std::string_view::npos)
            << key.full_name();
    }
}

TEST(Keys, ASectionStandsTogether) {
    const auto sections = section_names();
    EXPECT_EQ(std::set(sections.begin(), sections.end()).size(), sections.size());
}

TEST(Keys, TheFormNamesTheLimits) {
    EXPECT_EQ(find_key("run", "workers")->form(), "whole number, 1 to 1024");
    EXPECT_EQ(find_key("run", "max_waiting")->form(), "whole number, 1 to 15000");
    EXPECT_EQ(find_key("http", "max_body")->form(), "size, 1KiB to 64MiB");
    EXPECT_EQ(find_key("host", "drain_timeout")->form(), "duration, 0s to 1d");
    EXPECT_EQ(find_key("log", "format")->form(), "text or json");
}

TEST(Keys, WhatIsNotThereIsNotFound) {
    EXPECT_EQ(find_key("run", "name"), nullptr);
    EXPECT_EQ(find_key("", ""), nullptr);
    EXPECT_TRUE(key_names("nowhere").empty());
}

}  // namespace
}  // namespace jobhost::config
