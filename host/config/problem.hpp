#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/value.hpp"

namespace jobhost::config {

/// One mistake of the configuration.
struct Problem {
    Place place;
    std::string code;       ///< stable, snake_case: "unknown_key"
    std::string message;    ///< what is wrong, one sentence without a full stop
    std::string hint = {};  ///< what to do; stands beside the caret

    friend bool operator==(const Problem&, const Problem&) = default;
};

/// The file as people know it: the name that they gave, and its text.
struct Source {
    std::string name;
    std::string text;
};

/// All problems as one error, those of the file first and in its order. The message is for people:
/// each problem with its line and a caret, at most 50 of them. The fields are for programs, with
/// `FILE:LINE:COLUMN` or the name of the variable or option as path. `problems` is not empty.
[[nodiscard]] base::Error to_error(std::vector<Problem> problems, const Source& source);

/// The whole path in double quotes, fit for a terminal.
[[nodiscard]] std::string path_text(const std::filesystem::path& path);

/// The tables of a `[[key]]`. What is no list of tables is a mistake and has none.
[[nodiscard]] std::span<const Value> tables_of(const Entry& entry, std::vector<Problem>& problems);

}  // namespace jobhost::config
