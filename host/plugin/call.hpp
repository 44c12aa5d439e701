#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/guarded.hpp"
#include "core/runner.hpp"
#include "plugin/arguments.hpp"
#include "plugin/cancellation.hpp"

namespace jobhost::plugin {

/// What only an attempt has.
struct AttemptState {
    AttemptState(core::Token of, core::Sink& to) : token(of), sink(to) {}

    core::Token token;
    core::Sink& sink;
    Cancellation cancellation;
    base::Guarded<std::string> result_json;  ///< empty until the plugin sets one
};

/// One call of the host into a plugin, with all that the plugin may ask or say about it while the
/// call lasts.
struct Call {
    enum class Kind {
        Init,
        Validate,
        Run,    ///< ends when the plugin's function returns
        Start,  ///< ends when the plugin says so
    };

    explicit Call(Kind of) : kind(of) {}

    /// For all but init.
    Call(Kind of, const core::TypeInfo& type, const core::Attempt& attempt)
        : kind(of), job_id(attempt.job.text()) {
        arguments.emplace(type, attempt.args);
    }

    const Kind kind;
    const std::string job_id;  ///< for the log; empty for init
    std::optional<Arguments> arguments;
    std::optional<AttemptState> attempt;                 ///< of Run and Start
    base::Guarded<std::optional<core::Failure>> reason;  ///< the first that the plugin told
};

}  // namespace jobhost::plugin
