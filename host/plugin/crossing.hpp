#pragma once

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include <cxxabi.h>

#include "plugin/conduct.hpp"

namespace jobhost::plugin {

/// A plugin ends a thread of the host from within a call (pthread_exit). Nobody can hold that up:
/// the log names the plugin, and the process ends.
[[noreturn]] void thread_ended_by(const Conduct& plugin) noexcept;

/// Calls a function of a plugin and lets nothing be thrown out of it. Nothing when it threw; the
/// rule is counted as broken then, and `*thrown` is what the exception says.
///
/// The object of a forced unwinding is null in every implementation; to bind it is the documented
/// way of noticing one.
template <typename F>
__attribute__((no_sanitize("null"))) auto cross(Conduct& plugin,
                                                std::string* thrown,
                                                F&& call) noexcept
    -> std::optional<decltype(call())> {
    std::string what = "an exception of an unknown type";
    try {
        return std::forward<F>(call)();
    } catch (const abi::__forced_unwind&) {
        thread_ended_by(plugin);
    } catch (const std::exception& exception) {
        what = exception.what();
    } catch (...) {
        // Of another language or another standard library; there is nothing to read in it.
    }
    plugin.broke_rule("let an exception cross the border: " + what);
    if (thrown != nullptr) {
        *thrown = std::move(what);
    }
    return std::nullopt;
}

}  // namespace jobhost::plugin
