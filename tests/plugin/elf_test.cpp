#include "plugin/elf.hpp"

#include <cstring>
#include <random>
#include <span>
#include <string>

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace jobhost::plugin {
namespace {

using testing::HasSubstr;

std::string library(const char* name) {
    return support::read_file(std::filesystem::path(SAMPLES_DIR) / name);
}

std::string verdict(const std::string& file) {
    const auto checked = check_elf(std::as_bytes(std::span(file)));
    return checked ? "sound" : checked.error().message;
}

TEST(Elf, PluginIsSound) { EXPECT_EQ(verdict(library("sample.so")), "sound"); }

TEST(Elf, ProgramIsRefused) {
    EXPECT_EQ(verdict(support::read_file("/proc/self/exe")),
              "it is a program, not a shared library");
}

TEST(Elf, ProgramOfTheOldKindIsRefused) {
    auto file = library("sample.so");
    file[offsetof(Elf64_Ehdr, e_type)] = ET_EXEC;
    EXPECT_EQ(verdict(file), "it is a program, not a shared library");
}

TEST(Elf, ObjectFileIsRefused) {
    auto file = library("sample.so");
    file[offsetof(Elf64_Ehdr, e_type)] = ET_REL;
    EXPECT_EQ(verdict(file), "it is not a shared library");
}

TEST(Elf, WhatIsNoElfIsRefused) {
    for (const auto* const text : {"", "\x7f", "#!/bin/sh\n", "MZ..."}) {
        EXPECT_EQ(verdict(text), "it is not a shared library");
    }
}

TEST(Elf, OtherMachinesAreRefused) {
    for (const std::size_t at : {std::size_t{EI_CLASS}, std::size_t{EI_DATA}, std::size_t{18}}) {
        auto file = library("sample.so");
        file[at] = static_cast<char>(file[at] + 1);
        EXPECT_THAT(verdict(file), HasSubstr("another machine"));
    }
}

TEST(Elf, EntryThatIsDataIsRefused) {
    EXPECT_THAT(verdict(library("entry_is_data.so")), HasSubstr("as data, not as a function"));
}

TEST(Elf, LibraryWithoutEntryIsRefused) {
    const auto file = support::read_file(std::filesystem::path(ROGUES_DIR) / "no_entry.so");
    EXPECT_EQ(verdict(file), "it does not export jobhost_plugin_v1, so it is no plugin");
}

TEST(Elf, SecondExportIsRefusedByName) {
    const auto file = support::read_file(std::filesystem::path(ROGUES_DIR) / "second_export.so");
    EXPECT_THAT(verdict(file), HasSubstr("more than its entry: rogue_second_export;"));
}

TEST(Elf, ManyExportsAreCounted) {
    // The C library: what it exports is beyond count, and the entry is not among it.
    const std::string file = support::read_file("/lib/x86_64-linux-gnu/libc.so.6");
    if (file.empty()) {
        GTEST_SKIP() << "the C library stands elsewhere here";
    }
    EXPECT_THAT(verdict(file), HasSubstr("does not export"));
}

/// Where the last part ends that the loader maps; what follows is for debuggers.
std::size_t end_of_mapped(const std::string& file) {
    Elf64_Ehdr header;
    std::memcpy(&header, file.data(), sizeof header);
    std::size_t end = 0;
    for (std::size_t i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr part;
        std::memcpy(&part, file.data() + header.e_phoff + i * sizeof part, sizeof part);
        end = part.p_type == PT_LOAD ? std::max(end, part.p_offset + part.p_filesz) : end;
    }
    return end;
}

TEST(Elf, FileThatIsCutOffAnywhereIsRefused) {
    const auto file = library("sample.so");
    const auto end = end_of_mapped(file);
    ASSERT_GT(end, 0U);
    EXPECT_EQ(verdict(file.substr(0, end)), "sound");
    for (std::size_t size = 0; size < end; size += 1 + size / 50) {
        EXPECT_NE(verdict(file.substr(0, size)), "sound") << size;
    }
}

TEST(Elf, DamagedFilesAreReadWithinTheirBounds) {
    const auto file = library("sample.so");
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        auto damaged = file;
        // Headers, tables and hashes stand in the first pages.
        const auto reach = std::min<std::size_t>(damaged.size(), 4096);
        for (int i = 0; i < 4; ++i) {
            damaged[random() % reach] = static_cast<char>(random() % 256);
        }
        static_cast<void>(verdict(damaged));  // must come back; the sanitizers watch
    }
}

TEST(ElfFile, IsCheckedWhereItStands) {
    EXPECT_TRUE(check_elf_file(std::filesystem::path(SAMPLES_DIR) / "sample.so"));
}

TEST(ElfFile, MustBeARegularFile) {
    const support::TempDir dir;
    EXPECT_EQ(check_elf_file(dir.path()).error().message, "it is not a regular file");
    EXPECT_THAT(check_elf_file(dir / "absent.so").error().message, HasSubstr("No such file"));
}

}  // namespace
}  // namespace jobhost::plugin
