#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "description.hpp"

namespace jobhost::sdk {
inline namespace JOBHOST_SDK_LEVEL {
namespace detail {

/// The structs of the border, filled from a Plugin and pointing into it. Stays where it was made.
class Description {
public:
    using Init = decltype(jh_plugin::init);

    Description(Plugin&& plugin, Init init) : source_(std::move(plugin)) {
        for (const Runner& runner : source_.runners_) {
            runners_.push_back(std::make_unique<RunnerData>(runner));
            runner_list_.push_back(&runners_.back()->runner);
        }
        fill(init);
    }

    Description(const Description&) = delete;
    Description& operator=(const Description&) = delete;

    [[nodiscard]] const jh_plugin& plugin() const { return plugin_; }

    /// Makes the objects that the runners are members of.
    [[nodiscard]] std::unique_ptr<Instance> make_instance(const Setup& setup) const {
        auto instance = std::make_unique<Instance>(setup.host.raw());
        for (const Runner& runner : source_.runners_) {
            instance->add(runner.work_.maker, setup);
        }
        return instance;
    }

private:
    struct RunnerData {
        explicit RunnerData(const Runner& source) {
            params.reserve(source.params_.size());
            for (const Param& param : source.params_) {
                params.push_back(param.borrowed());
                param_list.push_back(&params.back());
            }
            runner.struct_size = JH_STRUCT_SIZE(jh_runner);
            runner.flags = source.flags_;
            runner.id = source.id_.c_str();
            runner.display_name = borrow(source.display_name_);
            runner.description = borrow(source.description_);
            runner.params = param_list.data();
            runner.param_count = static_cast<std::uint32_t>(param_list.size());
            runner.max_concurrency = source.max_concurrency_;
            runner.retry_base_ms = source.retry_base_ms_;
            runner.validate = source.validate_;
            runner.run = source.work_.run;
            runner.start = source.work_.start;
        }

        std::vector<jh_param> params;
        std::vector<const jh_param*> param_list;
        jh_runner runner = {};
    };

    void fill(Init init) {
        plugin_.struct_size = JH_STRUCT_SIZE(jh_plugin);
        plugin_.target_level = JH_TARGET_LEVEL;
        plugin_.min_level = 1;
        plugin_.id = source_.id_.c_str();
        plugin_.version = source_.version_.c_str();
        plugin_.display_name = borrow(source_.display_name_);
        plugin_.vendor = borrow(source_.vendor_);
        plugin_.description = borrow(source_.description_);
        plugin_.url = borrow(source_.url_);
        plugin_.license = borrow(source_.license_);
        plugin_.runners = runner_list_.data();
        plugin_.runner_count = static_cast<std::uint32_t>(runner_list_.size());
        plugin_.init = init;
        plugin_.quiesce = [](void* self) { static_cast<Instance*>(self)->stop(); };
        plugin_.deinit = [](void* self) { delete static_cast<Instance*>(self); };
    }

    Plugin source_;
    std::vector<std::unique_ptr<RunnerData>> runners_;
    std::vector<const jh_runner*> runner_list_;
    jh_plugin plugin_ = {};
};

template <class Make>
const Description& description(const Make* make = nullptr);

template <class Make>
jh_rc JH_CALL init(const jh_host* host, jh_ctx ctx, jh_str config_json, void** self) noexcept {
    try {
        const Setup setup = {Host(host), view(config_json)};
        *self = description<Make>().make_instance(setup).release();
        return JH_OK;
    } catch (...) {
        return fail_by_exception(Host(host), ctx);
    }
}

/// Made by the first call, which is the one of entry(), and never destroyed: the host may look at
/// it until the process ends.
template <class Make>
const Description& description(const Make* make) {
    static const auto* const made = new Description((*make)(), &init<Make>);
    return *made;
}

template <class Make>
const jh_plugin* entry(const Make& make) noexcept {
    try {
        return &description<Make>(&make).plugin();
    } catch (...) {
        return nullptr;
    }
}

}  // namespace detail
}  // namespace JOBHOST_SDK_LEVEL
}  // namespace jobhost::sdk
