#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <jobhost/plugin.h>

#include "base/result.hpp"
#include "plugin/border.hpp"
#include "plugin/conduct.hpp"
#include "plugin/description.hpp"
#include "plugin/descriptor.hpp"
#include "plugin/library.hpp"
#include "plugin/stage.hpp"

namespace jobhost::plugin {

/// How one plugin is to be started.
struct Start {
    StagedLibrary library;
    PluginDescription description;  ///< what a describer found in the same bytes
    std::string config_json;
    std::string host_version;
    std::uint32_t number = 0;  ///< tells the plugins of one process apart
    base::Duration init_timeout{};
};

/// The code of the error when the loader itself is held up by a library's constructor: no other can
/// be loaded into this process then.
inline constexpr std::string_view kLoaderBlocked = "loader_blocked";

/// A plugin whose code runs in this process. Keep it as long as that code may call the host: to the
/// end of the process, unless it has been stopped.
class LoadedPlugin {
public:
    explicit LoadedPlugin(Start how);

    /// Maps the library, compares what it says of itself with the description, and calls its init,
    /// all on a thread of its own: it is refused when that takes too long, and the thread stays
    /// behind. What it changed in the process meanwhile is put back. [main, before start]
    [[nodiscard]] static base::Result<base::Unit> start(
        const std::shared_ptr<LoadedPlugin>& plugin);

    /// Quiesce and deinit, on a thread of its own and at most `limit`. A plugin with an attempt
    /// that has not ended is left as it is: to free its state would crash that attempt. [main]
    static void stop(const std::shared_ptr<LoadedPlugin>& plugin, base::Duration limit);

    /// Those of a plugin that was started.
    [[nodiscard]] const std::vector<std::shared_ptr<core::Runner>>& runners() const {
        return runners_;
    }
    [[nodiscard]] const Conduct& conduct() const { return conduct_; }

private:
    enum class Stage { Mapping, Entering, Initialising, GivenUp };

    base::Result<base::Unit> run_start();
    [[nodiscard]] bool goes_on(Stage from, Stage to);
    [[nodiscard]] base::Result<Descriptor> enter(Entry entry);
    [[nodiscard]] base::Result<base::Unit> init();
    void call_slot(void(JH_CALL* slot)(void*));
    [[nodiscard]] base::Error late();

    const Start how_;
    Conduct conduct_;
    Border border_;
    std::atomic<Stage> stage_{Stage::Mapping};
    const jh_plugin* plugin_ = nullptr;
    void* self_ = nullptr;
    bool started_ = false;
    std::vector<std::shared_ptr<core::Runner>> runners_;
};

}  // namespace jobhost::plugin
