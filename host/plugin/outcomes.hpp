#pragma once

#include <jobhost/plugin.h>

#include "core/outcome.hpp"
#include "plugin/call.hpp"
#include "plugin/conduct.hpp"

namespace jobhost::plugin {

/// What an attempt's return value means, together with the reason that the plugin told, its result
/// and the cancellation that was asked for. A value that is no outcome is a failure that names the
/// plugin.
[[nodiscard]] core::Outcome outcome_of(jh_rc returned, Call& call, Conduct& plugin);

/// The failure of an attempt out of which the plugin threw.
[[nodiscard]] core::Outcome thrown_outcome(const Conduct& plugin, const std::string& thrown);

/// May complete() bring this value?
[[nodiscard]] bool is_outcome(jh_rc returned);

}  // namespace jobhost::plugin
