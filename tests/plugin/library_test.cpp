#include "plugin/library.hpp"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/c_border.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::plugin {
namespace {

using testing::HasSubstr;

const std::filesystem::path kSamples = SAMPLES_DIR;
const std::filesystem::path kRogues = ROGUES_DIR;

TEST(Library, GivesTheEntry) {
    const auto entry = map_library(kSamples / "sample.so");
    ASSERT_TRUE(entry) << entry.error().message;
    const auto host = describing_host("0.0.0");
    EXPECT_STREQ((*entry)(&host)->id, "sample");
}

TEST(Library, StaysMapped) {
    const auto file = kSamples / "changeling.so";
    ASSERT_TRUE(map_library(file));
    // The loader finds it without opening it, so it was not unmapped.
    EXPECT_NE(::dlopen(file.c_str(), RTLD_NOW | RTLD_NOLOAD), nullptr);
}

TEST(Library, KeepsItsSymbolsToItself) {
    ASSERT_TRUE(map_library(kSamples / "sample.so"));
    EXPECT_EQ(::dlsym(RTLD_DEFAULT, "jobhost_plugin_v1"), nullptr);
}

TEST(Library, MissingSymbolIsNamedWithoutThePath) {
    const auto entry = map_library(kRogues / "undefined_symbol.so");
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().message,
              "it cannot be loaded: undefined symbol: rogue_absent_function");
}

TEST(Library, MissingDependencyIsNamed) {
    const auto entry = map_library(kRogues / "missing_dependency.so");
    ASSERT_FALSE(entry);
    EXPECT_THAT(entry.error().message, HasSubstr("librogue-absent.so: cannot open"));
    EXPECT_THAT(entry.error().message, HasSubstr("Libraries beside the plugin are not looked for"));
}

TEST(Library, WhatIsNoLibraryIsRefusedInTheLoadersWords) {
    EXPECT_THAT(map_library(kRogues / "text_file.so").error().message,
                HasSubstr("it cannot be loaded: file too short"));
    EXPECT_EQ(map_library("/nowhere/absent.so").error().message,
              "it cannot be loaded: cannot open shared object file: No such file or directory");
}

TEST(Library, EntryThatIsMissingIsNamed) {
    EXPECT_THAT(map_library(kRogues / "no_entry.so").error().message,
                HasSubstr("undefined symbol: jobhost_plugin_v1"));
}

}  // namespace
}  // namespace jobhost::plugin
