#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace jobhost::base {

enum class LogLevel { Trace, Debug, Info, Warn, Error };
enum class LogFormat { Text, Json };

struct LogOptions {
    LogLevel level = LogLevel::Info;
    LogFormat format = LogFormat::Text;
    std::string target = "stderr";  ///< `stderr`, or `file:PATH`, which is appended to
};

/// A key and a value beside the sentence: `{"job_id", id.text()}`.
struct LogField {
    std::string_view key;
    std::string value;
};

/// Starts logging; before it, lines of Warn and above go to stderr as text. When it fails, logging
/// goes on as it was. [main, before threads]
[[nodiscard]] Result<Unit> start_log(const LogOptions& options);

/// Writes what is buffered. [any thread]
void flush_log() noexcept;

[[nodiscard]] bool log_enabled(LogLevel level) noexcept;

/// One event, one line: `ts`, `level`, `part` (the room's name), `msg`, then the fields. Control
/// characters and line ends in sentence and values are escaped, so a line can never be forged; a
/// value beyond 16 KiB is cut. [any thread]
void log(LogLevel level,
         std::string_view part,
         std::string_view sentence,
         std::initializer_list<LogField> fields = {}) noexcept;
void log(LogLevel level,
         std::string_view part,
         std::string_view sentence,
         std::span<const LogField> fields) noexcept;

}  // namespace jobhost::base
