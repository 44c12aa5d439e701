#pragma once

#include <string>
#include <string_view>

#include "fault.hpp"

namespace jobhost::shell {

/// A private file that holds the text of a script, for its interpreter to read. Removed at the end
/// of the object's life at the latest.
class ScriptFile {
public:
    static Result<ScriptFile> write(const std::string& directory, std::string_view text);

    ScriptFile(ScriptFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    ScriptFile& operator=(ScriptFile&&) = delete;
    ~ScriptFile();

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    explicit ScriptFile(std::string path) : path_(std::move(path)) {}

    std::string path_;
};

}  // namespace jobhost::shell
