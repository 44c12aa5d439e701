#include "plugin/c_border.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "plugin/border.hpp"
#include "plugin/crossing.hpp"
#include "plugin/failures.hpp"
#include "plugin/outcomes.hpp"

// Everything here is called by plugins: from any of their threads, with any argument, at any time.

namespace jobhost::plugin {

namespace {

constexpr std::size_t kLongestNote = 256;
constexpr std::size_t kLongestLine = std::size_t{16} * 1024;
constexpr std::size_t kLongestName = 127;
constexpr std::uint32_t kWholeWay = 10'000;

/// Whom a function serves.
enum class Serves { Any, Arguments, Attempts, Started };

Border& border_of(const jh_host* host) { return *static_cast<Border*>(host->impl); }

bool serves(Serves whom, const Call& call) {
    switch (whom) {
        case Serves::Any:
            return true;
        case Serves::Arguments:
            return call.arguments.has_value();
        case Serves::Attempts:
            return call.attempt.has_value();
        case Serves::Started:
            return call.kind == Call::Kind::Start;
    }
    return false;
}

/// The call that a context stands for. Empty, and counted against the plugin, when it has ended or
/// the function is not for calls of its kind.
Contexts::Found find(const jh_host* host, jh_ctx ctx, Serves whom, std::string_view function) {
    auto& border = border_of(host);
    auto found = border.contexts().find(ctx);
    if (!found) {
        border.conduct().broke_rule("called " + std::string(function) +
                                    " with a context that had ended or never was");
        return {};
    }
    if (!serves(whom, *found)) {
        border.conduct().broke_rule(
            "called " + std::string(function) + " with a context of another kind", found->job_id);
        return {};
    }
    return found;
}

jh_rc JH_CALL cancel_reason(const jh_host* host, jh_ctx ctx) noexcept {
    if (host == nullptr) {
        return JH_E_INVALID;
    }
    const auto call = find(host, ctx, Serves::Attempts, "cancel_reason");
    return call ? static_cast<jh_rc>(call->attempt->cancellation.reason()) : JH_E_STATE;
}

jh_rc JH_CALL wait_cancelled(const jh_host* host, jh_ctx ctx, uint32_t ms) noexcept {
    if (host == nullptr) {
        return JH_E_INVALID;
    }
    const auto call = find(host, ctx, Serves::Attempts, "wait_cancelled");
    if (!call) {
        return JH_E_STATE;
    }
    const auto reason = call->attempt->cancellation.wait(std::chrono::milliseconds(ms));
    return reason ? static_cast<jh_rc>(*reason) : JH_E_STATE;
}

jh_rc JH_CALL on_cancel(const jh_host* host,
                        jh_ctx ctx,
                        void(JH_CALL* callback)(void*),
                        void* user_data) noexcept {
    if (host == nullptr || callback == nullptr) {
        return JH_E_INVALID;
    }
    const auto call = find(host, ctx, Serves::Attempts, "on_cancel");
    if (!call) {
        return JH_E_STATE;
    }
    auto& conduct = border_of(host).conduct();
    const auto answer = call->attempt->cancellation.set_callback([&conduct, callback, user_data] {
        cross(conduct, nullptr, [&] {
            callback(user_data);
            return true;
        });
    });
    return answer == Cancellation::Answer::Done ? JH_OK : JH_E_STATE;
}

jh_rc JH_CALL off_cancel(const jh_host* host, jh_ctx ctx) noexcept {
    if (host == nullptr) {
        return JH_E_INVALID;
    }
    const auto call = find(host, ctx, Serves::Attempts, "off_cancel");
    if (!call) {
        return JH_E_STATE;
    }
    const auto answer = call->attempt->cancellation.clear_callback();
    return answer == Cancellation::Answer::Done ? JH_OK : JH_E_STATE;
}

jh_rc JH_CALL progress(const jh_host* host, jh_ctx ctx, uint32_t permyriad, jh_str note) noexcept {
    const bool known = permyriad != JH_PROGRESS_UNKNOWN;
    if (host == nullptr || (known && permyriad > kWholeWay)) {
        return JH_E_INVALID;
    }
    const auto call = find(host, ctx, Serves::Attempts, "progress");
    if (!call) {
        return JH_E_STATE;
    }
    const auto share = known ? std::optional(static_cast<int>(permyriad)) : std::nullopt;
    call->attempt->sink.progress(call->attempt->token, share, copy_text(note, kLongestNote));
    return JH_OK;
}

jh_rc JH_CALL
output(const jh_host* host, jh_ctx ctx, uint32_t stream, const void* bytes, size_t len) noexcept {
    const bool known = stream == JH_STREAM_STDOUT || stream == JH_STREAM_STDERR;
    if (host == nullptr || !known || (bytes == nullptr && len > 0)) {
        return JH_E_INVALID;
    }
    const auto call = find(host, ctx, Serves::Attempts, "output");
    if (!call) {
        return JH_E_STATE;
    }
    if (len > 0) {
        call->attempt->sink.output(call->attempt->token, static_cast<core::Stream>(stream),
                                   {static_cast<const std::byte*>(bytes), len});
    }
    return JH_OK;
}

jh_rc JH_CALL set_result(const jh_host* host, jh_ctx ctx, jh_str json) noexcept {
    if (host == nullptr) {
        return JH_E_INVALID;
    }
    const auto call = find(host, ctx, Serves::Attempts, "set_result");
    if (!call) {
        return JH_E_STATE;
    }
    if (view(json).size() > kLongestDocument) {
        return JH_E_LIMIT;
    }
    auto document = base::parse_json(std::string(view(json)));
    if (!document) {
        return JH_E_INVALID;
    }
    call->attempt->result_json.with(
        [&](std::string& result) { result = std::move(document->text); });
    return JH_OK;
}

/// Finds an argument and lets `write` take it over; `write` answers like the function it serves.
template <typename F>
jh_rc argument(const jh_host* host,
               jh_ctx ctx,
               const char* name,
               const void* out,
               std::string_view function,
               F&& write) noexcept {
    if (host == nullptr || name == nullptr || out == nullptr) {
        return JH_E_INVALID;
    }
    const auto call = find(host, ctx, Serves::Arguments, function);
    if (!call) {
        return JH_E_STATE;
    }
    const std::string_view key(name, ::strnlen(name, kLongestName + 1));
    const auto found = call->arguments->find(key);
    return found ? write(*found) : JH_E_ABSENT;
}

/// A whole number, however it is written: 3, 3.0 and 3e0 are one.
std::optional<int64_t> whole_number(const base::Json& value) {
    if (value.is_int64()) {
        return value.get_int64();
    }
    // 2^63 is a double, 2^63 - 1 is not.
    constexpr double kEnd = 9223372036854775808.0;
    if (value.is_double() && std::trunc(value.get_double()) == value.get_double() &&
        value.get_double() >= -kEnd && value.get_double() < kEnd) {
        return static_cast<int64_t>(value.get_double());
    }
    return std::nullopt;
}

jh_rc JH_CALL arg_i64(const jh_host* host, jh_ctx ctx, const char* name, int64_t* out) noexcept {
    return argument(host, ctx, name, out, "arg_i64", [&](const Arguments::Found& found) {
        const auto number = whole_number(*found.value);
        *out = number.value_or(*out);
        return number ? JH_OK : JH_E_INVALID;
    });
}

jh_rc JH_CALL arg_f64(const jh_host* host, jh_ctx ctx, const char* name, double* out) noexcept {
    return argument(host, ctx, name, out, "arg_f64", [&](const Arguments::Found& found) {
        if (!found.value->is_number()) {
            return JH_E_INVALID;
        }
        *out = found.value->to_number<double>();
        return JH_OK;
    });
}

jh_rc JH_CALL arg_bool(const jh_host* host, jh_ctx ctx, const char* name, int32_t* out) noexcept {
    return argument(host, ctx, name, out, "arg_bool", [&](const Arguments::Found& found) {
        if (!found.value->is_bool()) {
            return JH_E_INVALID;
        }
        *out = found.value->get_bool() ? 1 : 0;
        return JH_OK;
    });
}

jh_rc JH_CALL arg_str(const jh_host* host, jh_ctx ctx, const char* name, jh_str* out) noexcept {
    return argument(host, ctx, name, out, "arg_str", [&](const Arguments::Found& found) {
        if (!found.value->is_string()) {
            return found.secret ? JH_E_UNSUPPORTED : JH_E_INVALID;
        }
        const auto& text = found.value->get_string();
        *out = {text.data(), text.size()};
        return JH_OK;
    });
}

jh_rc JH_CALL arg_json(const jh_host* host, jh_ctx ctx, const char* name, jh_str* out) noexcept {
    return argument(host, ctx, name, out, "arg_json", [&](const Arguments::Found& found) {
        *out = {found.text.data(), found.text.size()};
        return JH_OK;
    });
}

jh_rc JH_CALL complete(const jh_host* host, jh_ctx ctx, jh_rc outcome) noexcept {
    if (host == nullptr) {
        return JH_E_INVALID;
    }
    const auto call = find(host, ctx, Serves::Started, "complete");
    if (!call) {
        return JH_E_STATE;
    }
    auto& border = border_of(host);
    if (!is_outcome(outcome)) {
        border.conduct().broke_rule(
            "completed an attempt with " + std::to_string(outcome) + ", which is no outcome",
            call->job_id);
        return JH_E_INVALID;
    }
    if (!border.finish(ctx, *call, outcome)) {
        border.conduct().broke_rule("completed an attempt twice", call->job_id);
        return JH_E_STATE;
    }
    return JH_OK;
}

const void* JH_CALL get_extension(const jh_host* /*host*/, const char* /*id*/) noexcept {
    return nullptr;
}

base::LogLevel level_from(int32_t number) {
    return number >= JH_LOG_TRACE && number <= JH_LOG_ERROR ? static_cast<base::LogLevel>(number)
                                                            : base::LogLevel::Info;
}

void JH_CALL
log(const jh_host* host, jh_ctx ctx, int32_t level, jh_str text, jh_str fields) noexcept {
    if (host == nullptr) {
        return;
    }
    std::string job_id;
    if (ctx != 0) {
        if (const auto call = find(host, ctx, Serves::Any, "log")) {
            job_id = call->job_id;
        }
    }
    border_of(host).conduct().say(level_from(level), copy_text(text, kLongestLine),
                                  copy_text(fields, kLongestLine), job_id);
}

void JH_CALL fail(const jh_host* host, jh_ctx ctx, const jh_error* error) noexcept {
    if (host == nullptr) {
        return;
    }
    auto& conduct = border_of(host).conduct();
    const auto call = find(host, ctx, Serves::Any, "fail");
    if (!call) {
        return;
    }
    if (error == nullptr) {
        conduct.broke_rule("called fail without an error", call->job_id);
        return;
    }
    auto failure = failure_from(*error, conduct);
    const bool first = call->reason.with([&](auto& told) {
        if (told) {
            return false;
        }
        told = failure;
        return true;
    });
    if (!first) {
        conduct.say(base::LogLevel::Info, "failed further: " + failure.message, {}, call->job_id);
    }
}

constexpr jh_run_api kRunApi{
    .struct_size = JH_STRUCT_SIZE(jh_run_api),
    .reserved0 = 0,
    .cancel_reason = cancel_reason,
    .wait_cancelled = wait_cancelled,
    .on_cancel = on_cancel,
    .off_cancel = off_cancel,
    .progress = progress,
    .output = output,
    .set_result = set_result,
    .arg_i64 = arg_i64,
    .arg_f64 = arg_f64,
    .arg_bool = arg_bool,
    .arg_str = arg_str,
    .arg_json = arg_json,
    .complete = complete,
};

}  // namespace

jh_host describing_host(std::string_view version) {
    jh_host host{};
    host.struct_size = JH_STRUCT_SIZE(jh_host);
    host.api_level = kHostLevel;
    host.name = JH_TEXT("jobhost");
    host.version = {version.data(), version.size()};
    return host;
}

jh_host host_table(Border& border, std::string_view version) {
    auto host = describing_host(version);
    host.impl = &border;
    host.get_extension = get_extension;
    host.log = log;
    host.fail = fail;
    host.run = &kRunApi;
    return host;
}

}  // namespace jobhost::plugin
