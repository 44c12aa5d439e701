#include "isolate/child.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>

#include "base/json.hpp"
#include "base/version.hpp"
#include "plugin/describe.hpp"
#include "plugin/unique_fd.hpp"

namespace jobhost::isolate {

namespace {

using plugin::UniqueFd;

int usage() {
    std::fputs(
        "jobhost-child is started by jobhost.\n"
        "usage: jobhost-child --describe FILE\n",
        stderr);
    return kUsage;
}

/// Takes standard output away from everybody else in this process.
UniqueFd take_output() {
    UniqueFd output(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    return output;
}

bool write_all(const UniqueFd& output, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(output.get(), text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            return false;
        }
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return true;
}

int describe(const std::filesystem::path& library) {
    const auto output = take_output();
    const auto description = plugin::describe_here(library);
    base::JsonObject answer;
    if (description) {
        answer = plugin::to_json(*description);
    } else {
        answer["error"] = base::JsonObject{{"code", description.error().code},
                                           {"message", description.error().message}};
    }
    if (!write_all(output, base::to_text(answer) + '\n')) {
        return kNoOutput;
    }
    return description ? kDescribed : kRefused;
}

}  // namespace

int run_child(std::span<const char* const> arguments) {
    if (arguments.size() == 2 && std::string_view(arguments[0]) == "--describe") {
        return describe(arguments[1]);
    }
    return usage();
}

}  // namespace jobhost::isolate
