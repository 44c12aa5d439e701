#pragma once

#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "plugin/describer.hpp"

namespace jobhost::isolate {

/// Where the child program stands: beside this program, or in the folder that an installation keeps
/// for it.
[[nodiscard]] std::filesystem::path default_child_program();

/// Reads descriptors in a child process, so that a library whose constructor blocks, crashes or
/// exits harms nobody. A refusal's code is the child's; a time limit is `Timeout`; `Unavailable`
/// means that the child program cannot be started. [main]
class DescribeChild final : public plugin::Describer {
public:
    explicit DescribeChild(base::Duration limit,
                           std::filesystem::path program = default_child_program());

    [[nodiscard]] base::Result<std::string> describe(const std::filesystem::path& library) override;

    /// Version of the host, and size and time of the child program.
    [[nodiscard]] std::string identity() const override;

private:
    base::Duration limit_;
    std::filesystem::path program_;
};

}  // namespace jobhost::isolate
