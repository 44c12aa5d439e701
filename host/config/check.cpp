#include "config/check.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>
#include <unistd.h>

#include "config/problem.hpp"
#include "config/size.hpp"

namespace jobhost::config {

namespace {

constexpr std::uintmax_t kLeastSpace = 16ULL * 1024 * 1024;

std::string reason() { return std::error_code(errno, std::generic_category()).message(); }

/// The folder itself, or the nearest one above it that is there.
std::filesystem::path existing(std::filesystem::path folder) {
    std::error_code ignored;
    while (!std::filesystem::exists(folder, ignored) && folder.has_relative_path()) {
        folder = folder.parent_path();
    }
    return folder;
}

Check check_folder(std::string name, const std::filesystem::path& folder) {
    const auto found = existing(folder);
    const auto shown = path_text(found);
    std::error_code error;
    if (!std::filesystem::is_directory(found, error)) {
        return {std::move(name), false, shown + " is not a folder"};
    }
    if (::access(found.c_str(), W_OK | X_OK) != 0) {
        return {std::move(name), false, shown + " cannot be written: " + reason()};
    }
    const auto space = std::filesystem::space(found, error);
    if (!error && space.available < kLeastSpace) {
        return {std::move(name), false,
                shown + " has less than " + format_size(kLeastSpace) + " of space left"};
    }
    const bool there = found == folder;
    return {std::move(name), true,
            path_text(folder) + (there ? " can be written" : " will be made")};
}

/// A file that is there must be writable; one that is not needs a folder.
Check check_file(std::string name, const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
        auto check = check_folder(std::move(name), file.parent_path());
        if (check.ok) {
            check.detail = path_text(file) + " will be made";
        }
        return check;
    }
    if (!std::filesystem::is_regular_file(file, ignored)) {
        return {std::move(name), false, path_text(file) + " is not a regular file"};
    }
    if (::access(file.c_str(), R_OK | W_OK) != 0) {
        return {std::move(name), false, path_text(file) + " cannot be written: " + reason()};
    }
    return {std::move(name), true, path_text(file) + " can be written"};
}

/// SQLite begins every database with these 16 bytes; an empty file is a new database.
bool begins_like_database(const std::filesystem::path& file) {
    constexpr std::string_view kMagic("SQLite format 3\0", 16);
    std::array<char, 16> begin{};
    std::ifstream input(file, std::ios::binary);
    input.read(begin.data(), begin.size());
    const auto count = static_cast<std::size_t>(input.gcount());
    return count == 0 || std::string_view(begin.data(), count) == kMagic;
}

Check check_database(const std::filesystem::path& file) {
    auto check = check_file("database", file);
    std::error_code ignored;
    if (check.ok && std::filesystem::exists(file, ignored) && !begins_like_database(file)) {
        return {check.name, false, path_text(file) + " is no SQLite database"};
    }
    return check;
}

Check check_plugins(const std::filesystem::path& folder) {
    int libraries = 0;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        libraries += entry.path().extension() == ".so" ? 1 : 0;
    }
    if (error) {
        return {"plugins", false, path_text(folder) + " cannot be read: " + error.message()};
    }
    return {"plugins", true,
            path_text(folder) + " holds " + std::to_string(libraries) +
                (libraries == 1 ? " library" : " libraries")};
}

}  // namespace

std::vector<Check> check_surroundings(const HostConfig& config) {
    std::vector<Check> checks{check_folder("data folder", config.host.data_dir),
                              check_database(config.sqlite_file)};
    for (const auto& folder : config.plugins.dirs) {
        checks.push_back(check_plugins(folder));
    }
    if (config.plugins.dirs.empty()) {
        checks.push_back({"plugins", true, "no folder is named and none belongs to the program"});
    }
    if (!config.jobs.empty()) {
        const auto count = std::to_string(config.jobs.size());
        checks.push_back({"jobs", true,
                          path_text(config.file) + " declares " + count +
                              (config.jobs.size() == 1 ? " job" : " jobs")});
    }
    constexpr std::string_view kFile = "file:";
    if (const std::string_view target = config.log.target; target.starts_with(kFile)) {
        checks.push_back(check_file("log", target.substr(kFile.size())));
    }
    return checks;
}

}  // namespace jobhost::config
