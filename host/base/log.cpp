#include "base/log.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <memory>

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/clock.hpp"
#include "base/quote.hpp"
#include "base/utf8.hpp"

namespace jobhost::base {

namespace {

constexpr std::string_view kFilePrefix = "file:";
constexpr std::size_t kLongestValue = std::size_t{16} * 1024;
constexpr std::array<std::string_view, 4> kOwnKeys{"ts", "level", "part", "msg"};

/// How this process logs. spdlog's registry keeps the logger; it is one for the process as well.
struct Settings {
    std::atomic<LogLevel> level{LogLevel::Warn};
    std::atomic<LogFormat> format{LogFormat::Text};
};

Settings& settings() {
    static Settings settings;
    return settings;
}

std::string_view name(LogLevel level) {
    switch (level) {
        case LogLevel::Trace:
            return "trace";
        case LogLevel::Debug:
            return "debug";
        case LogLevel::Info:
            return "info";
        case LogLevel::Warn:
            return "warn";
        case LogLevel::Error:
            break;
    }
    return "error";
}

/// The instant with microseconds: `2026-03-01T12:00:00.000000Z`.
std::string timestamp() {
    const auto now =
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(now);
    std::string text = format_instant(milliseconds);
    std::array<char, 8> rest{};
    std::snprintf(rest.data(), rest.size(), "%03dZ",
                  static_cast<int>((now - milliseconds).count()));
    text.replace(text.size() - 1, 1, rest.data());
    return text;
}

bool is_plain(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' || letter == '.';
}

/// A key is a bare word in both forms, and never one of the four that every line has.
std::string clean_key(std::string_view key) {
    std::string clean(key.empty() ? "_" : cut_utf8(key, 64));
    std::ranges::replace_if(
        clean, [](char letter) { return !is_plain(letter); }, '_');
    if (std::ranges::find(kOwnKeys, clean) != kOwnKeys.end()) {
        clean += '_';
    }
    return clean;
}

void append_value(std::string& out, std::string_view value) {
    if (value.size() <= kLongestValue) {
        append_quoted(out, value);
    } else {
        append_quoted(out, std::string(cut_utf8(value, kLongestValue)) + "…");
    }
}

/// In the text form most values need no quotes.
void append_bare(std::string& out, std::string_view value) {
    const bool bare = !value.empty() && value.size() <= kLongestValue &&
                      std::ranges::all_of(value, [](char letter) {
                          return is_plain(letter) || letter == ':' || letter == '/' ||
                                 letter == '+' || letter == ',' || letter == '@';
                      });
    if (bare) {
        out += value;
    } else {
        append_value(out, value);
    }
}

std::string text_line(LogLevel level,
                      std::string_view part,
                      std::string_view sentence,
                      std::span<const LogField> fields) {
    std::string line = "ts=" + timestamp();
    line += " level=";
    line += name(level);
    line += " part=";
    append_bare(line, part);
    line += " msg=";
    append_value(line, sentence);
    for (const auto& field : fields) {
        line += ' ' + clean_key(field.key) + '=';
        append_bare(line, field.value);
    }
    return line;
}

std::string json_line(LogLevel level,
                      std::string_view part,
                      std::string_view sentence,
                      std::span<const LogField> fields) {
    std::string line = R"({"ts":")" + timestamp() + R"(","level":")";
    line += name(level);
    line += R"(","part":)";
    append_value(line, part);
    line += R"(,"msg":)";
    append_value(line, sentence);
    for (const auto& field : fields) {
        line += ",\"" + clean_key(field.key) + "\":";
        append_value(line, field.value);
    }
    return line + '}';
}

spdlog::sink_ptr stderr_sink() { return std::make_shared<spdlog::sinks::stderr_sink_mt>(); }

spdlog::sink_ptr file_sink(const std::string& path) {
    spdlog::file_event_handlers handlers;
    // What plugins start must not inherit the log.
    handlers.after_open = [](const spdlog::filename_t&, std::FILE* file) {
        ::fcntl(::fileno(file), F_SETFD, FD_CLOEXEC);
    };
    return std::make_shared<spdlog::sinks::basic_file_sink_mt>(path, false, handlers);
}

/// Installs a logger that writes finished lines as they are. The level is judged before spdlog is
/// asked.
void install(spdlog::sink_ptr sink) {
    auto logger = std::make_shared<spdlog::logger>("jobhost", std::move(sink));
    logger->set_pattern("%v", spdlog::pattern_time_type::utc);
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

spdlog::logger& current_logger() {
    static const bool prepared = [] {
        install(stderr_sink());
        return true;
    }();
    static_cast<void>(prepared);
    return *spdlog::default_logger_raw();
}

Error cannot_log(const std::string& target, const std::string& why) {
    return {ErrorKind::Invalid, "log_target", "cannot log to \"" + target + "\": " + why};
}

}  // namespace

Result<Unit> start_log(const LogOptions& options) {
    const std::string_view target = options.target;
    const bool to_file = target.starts_with(kFilePrefix) && target.size() > kFilePrefix.size();
    if (!to_file && target != "stderr") {
        return cannot_log(options.target, "say stderr or file:PATH");
    }
    static_cast<void>(current_logger());
    try {
        install(to_file ? file_sink(std::string(target.substr(kFilePrefix.size())))
                        : stderr_sink());
    } catch (const std::exception& exception) {
        return cannot_log(options.target, exception.what());
    }
    settings().level = options.level;
    settings().format = options.format;
    return done();
}

void flush_log() noexcept {
    try {
        current_logger().flush();
    } catch (...) {
        // Nowhere left to say it.
        return;
    }
}

bool log_enabled(LogLevel level) noexcept {
    return level >= settings().level.load(std::memory_order_relaxed);
}

void log(LogLevel level,
         std::string_view part,
         std::string_view sentence,
         std::span<const LogField> fields) noexcept {
    if (!log_enabled(level)) {
        return;
    }
    try {
        const bool text = settings().format.load(std::memory_order_relaxed) == LogFormat::Text;
        const std::string line = text ? text_line(level, part, sentence, fields)
                                      : json_line(level, part, sentence, fields);
        current_logger().log(spdlog::level::info, spdlog::string_view_t(line));
    } catch (...) {
        // A line that cannot be written must not end what it was written about.
        return;
    }
}

void log(LogLevel level,
         std::string_view part,
         std::string_view sentence,
         std::initializer_list<LogField> fields) noexcept {
    log(level, part, sentence, std::span<const LogField>(fields.begin(), fields.size()));
}

}  // namespace jobhost::base
