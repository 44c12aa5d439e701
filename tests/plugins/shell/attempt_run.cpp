#include "attempt_run.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <unistd.h>

namespace jobhost::shell {

namespace {

namespace fs = std::filesystem;

std::string unlike_any_other() {
    static std::atomic<int> count = 0;
    return "test-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

CancelSignal open_signal() {
    auto signal = CancelSignal::open();
    if (!signal) {
        throw std::runtime_error(signal.fault().message);
    }
    return std::move(*signal);
}

bool has_variable(const fs::path& process, const std::string& assignment) {
    std::ifstream file(process / "environ", std::ios::binary);
    const std::string environment((std::istreambuf_iterator<char>(file)), {});
    return environment.find(assignment + '\0') != std::string::npos;
}

std::ptrdiff_t entries_of(const char* folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

}  // namespace

AttemptRun::AttemptRun() : cancel(open_signal()) { facts.job_id = unlike_any_other(); }

Conclusion AttemptRun::operator()(const std::string& arguments_json) {
    const auto keep = [this](Stream stream, std::string_view text) {
        (stream == Stream::Stdout ? out : err) += text;
        on_output();
    };
    return run_attempt(settings, arguments_json, facts, cancel, keep, leash);
}

std::string command(std::string_view text, std::string_view more) {
    return "{\"command\":" + json_text(text) + std::string(more) + "}";
}

std::string json_text(std::string_view text) {
    std::string json = "\"";
    for (const char letter : text) {
        if (letter == '\n') {
            json += "\\n";
            continue;
        }
        if (letter == '"' || letter == '\\') {
            json += '\\';
        }
        json += letter;
    }
    return json + '"';
}

int living_processes(const std::string& job_id) {
    int found = 0;
    std::error_code vanished;
    for (const auto& entry : fs::directory_iterator("/proc", vanished)) {
        found += has_variable(entry.path(), "JOBHOST_JOB_ID=" + job_id) ? 1 : 0;
    }
    return found;
}

int open_descriptors() { return static_cast<int>(entries_of("/proc/self/fd")); }

int count_lines(std::string_view text) {
    return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace jobhost::shell
