#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/environment.hpp"
#include "config/host_config.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::config::testing {

/// A folder of its own with a configuration in it, and what reading it says.
class Workspace {
public:
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

    void write(std::string_view name, std::string_view bytes) const { folder_.write(name, bytes); }
    void make_folder(const std::filesystem::path& name) const;

    /// Reads `text` as jobhost.toml of this folder.
    [[nodiscard]] base::Result<HostConfig> read(std::string_view text) const;
    /// Reads the file of that name.
    [[nodiscard]] base::Result<HostConfig> read_named(const std::filesystem::path& name) const;
    /// The mistakes of `text` as people see them, or empty.
    [[nodiscard]] std::string mistakes(std::string_view text) const;

    Environment environment;
    std::vector<std::string> sets;

private:
    support::TempDir folder_;
};

}  // namespace jobhost::config::testing
