#pragma once

// The C++17 face of the border, header-only: what <jobhost/plugin.h> says holds here, too (threads,
// lifetimes, level 1 as a draft), and nothing that is thrown gets across.
//
//     #include <jobhost/plugin.hpp>
//     using namespace jobhost::sdk;
//
//     Outcome greet(Attempt& attempt) {
//         attempt.print("Hello, " + attempt.arg<std::string>("name") + "\n");
//         return done();
//     }
//
//     JOBHOST_PLUGIN(Plugin("acme.greetings", "1.0.0")
//                        .runner(runner<greet>("acme.greet")
//                                    .param(Param("name", ParamType::String).required())))
//
// Where to look: outcome.hpp (how an attempt ends), attempt.hpp (what it may do), completion.hpp
// (attempts that wait without a thread), description.hpp (parameters, runners, the plugin).

#include "cpp/description.hpp"
#include "cpp/entry.hpp"

/// Defines the one exported function of the library. The argument is an expression of type Plugin;
/// it is evaluated once, and must have no effect beyond its value.
#define JOBHOST_PLUGIN(...)                                                           \
    extern "C" JH_EXPORT const jh_plugin* JH_CALL jobhost_plugin_v1(const jh_host*) { \
        return ::jobhost::sdk::detail::entry([] { return __VA_ARGS__; });             \
    }
