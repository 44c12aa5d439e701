#include "result_text.hpp"

#include <array>
#include <charconv>

namespace jobhost::shell {

namespace {

/// Seconds with as many decimals as are needed, in any locale.
std::string seconds_text(std::chrono::microseconds duration) {
    const double seconds = std::chrono::duration<double>(duration).count();
    std::array<char, 64> text;
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    return error == std::errc() ? std::string(text.data(), end) : "0";
}

}  // namespace

std::string result_text(const RunReport& report) {
    std::string text = report.signal == 0 ? "{\"exit_code\":" + std::to_string(report.exit_code)
                                          : "{\"signal\":" + std::to_string(report.signal);
    text += ",\"wall_seconds\":" + seconds_text(report.wall_time);
    text += ",\"user_cpu_seconds\":" + seconds_text(report.user_time);
    text += ",\"system_cpu_seconds\":" + seconds_text(report.system_time);
    if (report.max_rss_bytes) {
        text += ",\"max_rss_bytes\":" + std::to_string(*report.max_rss_bytes);
    }
    text += ",\"leftovers_killed\":";
    text += report.killed_leftovers ? "true}" : "false}";
    return text;
}

}  // namespace jobhost::shell
