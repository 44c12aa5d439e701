#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace jobhost::plugin {

/// Reads a library's descriptor without mapping it into this process; `isolate` implements it with
/// a child process that has a time limit.
class Describer {
public:
    virtual ~Describer() = default;

    /// The description as JSON, or why the library cannot be used in one sentence. The error's code
    /// is `kRefused` (refusal.hpp) when the same content will always be refused.
    [[nodiscard]] virtual base::Result<std::string> describe(
        const std::filesystem::path& library) = 0;

    /// Differs when a describer may answer otherwise than before: another version, another program.
    [[nodiscard]] virtual std::string identity() const = 0;
};

}  // namespace jobhost::plugin
