#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "core/runner.hpp"
#include "plugin/describer.hpp"
#include "plugin/options.hpp"

namespace jobhost::plugin {

/// What became of one library, or of a plugin that the options name and no library brings.
struct PluginStatus {
    std::string id;       ///< empty when the library could not say
    std::string version;  ///< empty when the library could not say
    std::filesystem::path file;
    bool active = false;
    std::string reason;  ///< why it, or a part of an active one, was refused
    int min_level = 0;
    int target_level = 0;
    bool reduced = false;  ///< it was written for a newer level and does without
    std::vector<std::string> types;
    std::string digest;
    int misbehaved = 0;  ///< times it broke a rule of the border
};

/// Identity of the host as plugins see it.
struct HostIdentity {
    std::string node_name;
    std::string version;
};

/// The loaded plugins of this process, as an immutable snapshot. One bad library never stops the
/// rest: it is listed with its reason. Plugins are never unmapped.
class Registry final : public core::RunnerSource {
public:
    /// Finds, stages, describes, checks and starts every library of the options, in order of file
    /// name. Fails only when the host itself is at fault: a directory that cannot be read, a stage
    /// that cannot be written. `describer` is not used after it. [main, before start]
    [[nodiscard]] static base::Result<std::unique_ptr<Registry>> load(const Options& options,
                                                                      const HostIdentity& host,
                                                                      Describer& describer);
    ~Registry() override;

    [[nodiscard]] std::shared_ptr<core::Runner> find(std::string_view type) const override;
    [[nodiscard]] Types types() const override;
    [[nodiscard]] std::vector<PluginStatus> plugins() const;

    /// Tells every plugin to end its threads and frees its state. No attempt may be running; after
    /// it no runner may be used. [main]
    void shut_down();

private:
    struct State;
    class Loading;
    explicit Registry(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace jobhost::plugin
