#pragma once

#include <string>

#include "base/json.hpp"
#include "http/host_view.hpp"
#include "store/job_store.hpp"
#include "store/plan_store.hpp"

namespace jobhost::http {

/// In a list a job comes without its two documents, arguments and result: a page of a thousand jobs
/// must not become a gigabyte.
enum class Detail { Listed, Whole };

/// The wire form of things: JSON text. A member that has no value is null, never left out; instants
/// are RFC 3339 in UTC, durations are seconds.
[[nodiscard]] std::string job_text(const store::Job& job, Detail detail);
[[nodiscard]] std::string attempt_text(const store::AttemptRow& attempt);
[[nodiscard]] std::string not_run_text(const store::NotRunRow& row);
[[nodiscard]] base::JsonObject plugin_json(const PluginView& plugin);

[[nodiscard]] base::Json instant_json(const std::optional<base::Instant>& instant);
[[nodiscard]] base::Json text_or_null(std::string_view text);

/// `stdout` and `stderr`.
[[nodiscard]] std::string_view stream_name(core::Stream stream);

}  // namespace jobhost::http
