#pragma once

#include <memory>
#include <type_traits>
#include <vector>

#include "completion.hpp"

// What stands between the C slots and the functions of an author. Every slot is noexcept and turns
// whatever is thrown into a failure with its reason.

namespace jobhost::sdk {
inline namespace JOBHOST_SDK_LEVEL {
namespace detail {

class Description;

/// An object of a plugin, of any class.
class State {
public:
    virtual ~State() = default;
};

template <class T>
class StateOf final : public State {
public:
    explicit StateOf(const Setup& setup) : object(make(setup)) {}
    T object;

private:
    static T make(const Setup& setup) {
        if constexpr (std::is_constructible_v<T, const Setup&>) {
            return T(setup);
        } else {
            return T();
        }
    }
};

/// One address per class: how an instance finds the object of that class.
template <class T>
struct KeyOf {
    static constexpr char kKey = 0;
};

/// How to make the object that a function is a member of; empty for a free function.
struct StateMaker {
    const void* key = nullptr;
    std::unique_ptr<State> (*make)(const Setup&) = nullptr;
};

template <class T>
std::unique_ptr<State> make_state(const Setup& setup) {
    return std::make_unique<StateOf<T>>(setup);
}

/// What `self` points to: one loaded plugin with its host and its objects.
struct Instance {
    struct Entry {
        const void* key;
        std::unique_ptr<State> state;
    };

    explicit Instance(const jh_host* raw) : host(raw) {}
    ~Instance() { stop(); }
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    void add(const StateMaker& maker, const Setup& setup) {
        if (maker.key != nullptr && find(maker.key) == nullptr) {
            states.push_back({maker.key, maker.make(setup)});
        }
    }

    [[nodiscard]] State* find(const void* key) const {
        for (const Entry& entry : states) {
            if (entry.key == key) {
                return entry.state.get();
            }
        }
        return nullptr;
    }

    template <class T>
    [[nodiscard]] T& object() const {
        return static_cast<StateOf<T>*>(find(&KeyOf<T>::kKey))->object;
    }

    /// The last one made goes first.
    void stop() {
        while (!states.empty()) {
            states.pop_back();
        }
    }

    Host host;
    std::vector<Entry> states;
};

using Run = jh_rc(JH_CALL*)(void* self, jh_ctx ctx, const jh_run_info* info);
using Validate = jh_rc(JH_CALL*)(void* self, jh_ctx ctx, jh_str args_json);

/// The slots of one runner.
struct Work {
    Run run;
    Run start;
    StateMaker maker;
};

/// What runner<Task>() may be given, taken apart.
template <class Function>
struct Shape {
    static constexpr bool kKnown = false;
};

template <>
struct Shape<Outcome (*)(Attempt&)> {
    static constexpr bool kKnown = true;
    static constexpr bool kWaits = false;
    using Object = void;
};

template <>
struct Shape<void (*)(Completion)> {
    static constexpr bool kKnown = true;
    static constexpr bool kWaits = true;
    using Object = void;
};

template <class T>
struct Shape<Outcome (T::*)(Attempt&)> : Shape<Outcome (*)(Attempt&)> {
    using Object = T;
};

template <class T>
struct Shape<void (T::*)(Completion)> : Shape<void (*)(Completion)> {
    using Object = T;
};

template <auto Task, class Argument>
decltype(auto) call(const Instance& instance, Argument&& argument) {
    using Object = typename Shape<decltype(Task)>::Object;
    if constexpr (std::is_void_v<Object>) {
        return Task(std::forward<Argument>(argument));
    } else {
        return (instance.object<Object>().*Task)(std::forward<Argument>(argument));
    }
}

template <auto Task>
jh_rc JH_CALL run(void* self, jh_ctx ctx, const jh_run_info* info) noexcept {
    const auto& instance = *static_cast<const Instance*>(self);
    try {
        Attempt attempt(instance.host, ctx, *info);
        return settle(attempt, call<Task>(instance, attempt));
    } catch (...) {
        return fail_by_exception(instance.host, ctx);
    }
}

template <auto Task>
jh_rc JH_CALL start(void* self, jh_ctx ctx, const jh_run_info* info) noexcept {
    const auto& instance = *static_cast<const Instance*>(self);
    std::shared_ptr<Waiting> waiting;
    try {
        waiting = std::make_shared<Waiting>(instance.host, ctx, *info);
        call<Task>(instance, Completion(waiting));
        waiting->started();
        const bool abandoned = waiting->left_to_starter() && waiting->take();
        return abandoned ? fail_as_abandoned(waiting->context) : JH_PENDING;
    } catch (...) {
        if (waiting == nullptr) {
            return fail_by_exception(instance.host, ctx);
        }
        waiting->started();
        // Somebody may have finished the attempt before the exception, or be about to.
        if (!waiting->take()) {
            return JH_PENDING;
        }
        // The host ends the context only after this returns, and what the callback needs may be
        // gone by then.
        waiting->forget_cancel();
        return fail_by_exception(instance.host, ctx);
    }
}

template <void (*Judge)(const Arguments&)>
jh_rc JH_CALL validate(void* self, jh_ctx ctx, jh_str) noexcept {
    const Host& host = static_cast<const Instance*>(self)->host;
    try {
        Judge(Arguments(host, ctx));
        return JH_OK;
    } catch (...) {
        return fail_by_exception(host, ctx);
    }
}

template <auto Task>
Work work_of() {
    using Function = Shape<decltype(Task)>;
    static_assert(Function::kKnown, "a runner is Outcome (Attempt&) or void (Completion)");
    Work slots = {nullptr, nullptr, {}};
    if constexpr (Function::kWaits) {
        slots.start = &start<Task>;
    } else {
        slots.run = &run<Task>;
    }
    if constexpr (!std::is_void_v<typename Function::Object>) {
        slots.maker = {&KeyOf<typename Function::Object>::kKey,
                       &make_state<typename Function::Object>};
    }
    return slots;
}

}  // namespace detail
}  // namespace JOBHOST_SDK_LEVEL
}  // namespace jobhost::sdk
