#pragma once

#include <filesystem>
#include <optional>

#include "plugin/describer.hpp"
#include "plugin/description.hpp"
#include "plugin/stage.hpp"

namespace jobhost::plugin {

/// Remembers descriptions by the digest of the library, so that a host starts without asking a
/// child for each of them again. A refusal is remembered when it lies in the file; a time limit, a
/// crash or a missing dependency is not. What another describer said is asked again. A file that
/// cannot be written or read only costs the asking. [one thread at a time]
class DescriptionCache {
public:
    /// `describer` must outlive this.
    DescriptionCache(std::filesystem::path dir, Describer& describer);

    [[nodiscard]] base::Result<PluginDescription> describe(const StagedLibrary& library);

private:
    using Answer = base::Result<PluginDescription>;

    [[nodiscard]] std::optional<Answer> remembered(const std::filesystem::path& file) const;
    void remember(const std::filesystem::path& file, const Answer& answer) const;

    std::filesystem::path dir_;
    Describer& describer_;
};

}  // namespace jobhost::plugin
