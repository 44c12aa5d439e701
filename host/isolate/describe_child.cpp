#include "isolate/describe_child.hpp"

#include <array>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "base/version.hpp"
#include "isolate/child.hpp"
#include "isolate/process.hpp"
#include "plugin/c_border.hpp"
#include "plugin/description.hpp"
#include "plugin/refusal.hpp"

namespace jobhost::isolate {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;

constexpr const char* kProgram = "jobhost-child";
constexpr std::size_t kMostOutput = std::size_t{1024} * 1024;
constexpr std::size_t kMostErrors = std::size_t{16} * 1024;
constexpr std::size_t kLongestQuote = 200;

/// What decides how libraries are found and texts are read; nothing else of the host's environment
/// reaches a plugin's constructor there.
std::vector<std::string> environment() {
    std::vector<std::string> kept;
    for (const char* const name : {"PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ"}) {
        if (const char* const value = std::getenv(name)) {
            kept.push_back(std::string(name) + "=" + value);
        }
    }
    return kept;
}

/// The last line that the child wrote to standard error, as the end of a sentence.
std::string last_words(std::string_view errors) {
    while (!errors.empty() && (errors.back() == '\n' || errors.back() == ' ')) {
        errors.remove_suffix(1);
    }
    const auto line = errors.substr(errors.rfind('\n') + 1);  // npos + 1 is 0
    const auto clean = base::to_utf8(line.substr(0, kLongestQuote + 4));
    return clean.empty() ? "" : "; it wrote: " + std::string(base::cut_utf8(clean, kLongestQuote));
}

/// The error in a child's answer; nothing when it is none.
std::optional<Error> error_in(const std::string& output) {
    const auto document = base::parse_json(output);
    const auto* const error = document && document->value.is_object()
                                  ? base::find(document->value.get_object(), "error")
                                  : nullptr;
    if (error == nullptr || !error->is_object()) {
        return std::nullopt;
    }
    const auto* const code = base::find(error->get_object(), "code");
    const auto* const message = base::find(error->get_object(), "message");
    if (code == nullptr || !code->is_string() || message == nullptr || !message->is_string()) {
        return std::nullopt;
    }
    return Error{ErrorKind::Invalid, std::string(code->get_string()),
                 std::string(message->get_string())};
}

Result<std::string> answer_of(ProcessEnd end) {
    if (end.code == kDescribed && base::parse_json(end.output, plugin::kDescriptionDepth)) {
        return std::move(end.output);
    }
    auto error = end.code == kRefused ? error_in(end.output) : std::nullopt;
    if (error) {
        return *std::move(error);
    }
    return plugin::not_loadable("it ended the process that described it with exit code " +
                                std::to_string(end.code) + " and without an answer" +
                                last_words(end.errors));
}

}  // namespace

std::filesystem::path default_child_program() {
    std::error_code error;
    const auto here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    const auto beside = here / kProgram;
    const auto installed = here.parent_path() / "libexec" / "jobhost" / kProgram;
    const bool is_installed =
        !std::filesystem::exists(beside, error) && std::filesystem::exists(installed, error);
    return is_installed ? installed : beside;
}

DescribeChild::DescribeChild(base::Duration limit, std::filesystem::path program)
    : limit_(limit), program_(std::move(program)) {}

Result<std::string> DescribeChild::describe(const std::filesystem::path& library) {
    auto end = run_process({.program = program_,
                            .arguments = {"--describe", library.string()},
                            .environment = environment(),
                            .limit = limit_,
                            .most_output = kMostOutput,
                            .most_errors = kMostErrors});
    if (!end) {
        return std::move(end).error();
    }
    switch (end->how) {
        case ProcessEnd::How::TimedOut:
            return Error{ErrorKind::Timeout, "plugin_describe_timeout",
                         "it did not describe itself within " + base::format_duration(limit_) +
                             ": a constructor that blocks, or a slow disk?"};
        case ProcessEnd::How::SaidTooMuch:
            return plugin::refused("its description is longer than 1 MiB");
        case ProcessEnd::How::Killed:
            return plugin::not_loadable("it ended the process that described it by " + end->signal +
                                        last_words(end->errors));
        case ProcessEnd::How::Exited:
            break;
    }
    return answer_of(*std::move(end));
}

std::string DescribeChild::identity() const {
    std::error_code error;
    const auto size = std::filesystem::file_size(program_, error);
    const auto time = std::filesystem::last_write_time(program_, error);
    return std::string(base::kVersion) + " level " + std::to_string(plugin::kHostLevel) + " " +
           std::to_string(size) + " " + std::to_string(time.time_since_epoch().count());
}

}  // namespace jobhost::isolate
