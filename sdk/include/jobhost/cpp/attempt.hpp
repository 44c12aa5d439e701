#pragma once

#include <functional>
#include <optional>

#include "outcome.hpp"

namespace jobhost::sdk {
inline namespace JOBHOST_SDK_LEVEL {

enum class LogLevel : std::int32_t {
    Trace = JH_LOG_TRACE,
    Debug = JH_LOG_DEBUG,
    Info = JH_LOG_INFO,
    Warn = JH_LOG_WARN,
    Error = JH_LOG_ERROR,
};

enum class CancelReason : std::int32_t {
    None = JH_CANCEL_NONE,
    User = JH_CANCEL_USER,
    Deadline = JH_CANCEL_DEADLINE,
    Drain = JH_CANCEL_DRAIN,
    LeaseLost = JH_CANCEL_LEASE_LOST,
};

/// The host, until the plugin's state was destroyed. Copy it as you like. [any thread]
class Host {
public:
    explicit Host(const jh_host* host) : host_(host) {}

    [[nodiscard]] std::string_view version() const { return detail::view(host_->version); }

    /// One line in the host's log, under the name of this plugin.
    void log(LogLevel level, std::string_view text, std::string_view fields_json = {}) const {
        host_->log(host_, 0, static_cast<std::int32_t>(level), detail::borrow(text),
                   detail::borrow(fields_json));
    }

    /// A table of further services, or null.
    [[nodiscard]] const void* extension(const char* id) const {
        return host_->get_extension(host_, id);
    }

    [[nodiscard]] const jh_host* raw() const { return host_; }

private:
    const jh_host* host_;
};

/// What a plugin's state is made of, see runner().
struct Setup {
    Host host;
    std::string_view config_json;  ///< what the operator wrote, one JSON object; borrowed
};

/// The arguments of a job, checked against the parameters, defaults filled in. [any thread]
class Arguments {
public:
    Arguments(Host host, jh_ctx ctx) : host_(host), ctx_(ctx) {}

    /// T is std::string, std::string_view, bool, double or std::int64_t. A view is borrowed until
    /// the attempt ends. Throws a Failure (business) when the argument is missing or of another
    /// type.
    template <class T>
    [[nodiscard]] T arg(const char* name) const {
        std::optional<T> found = find_arg<T>(name);
        if (!found) {
            throw wrong(name, "is missing");
        }
        return *std::move(found);
    }

    /// Nothing when the argument was not given. Throws when it is of another type.
    template <class T>
    [[nodiscard]] std::optional<T> find_arg(const char* name) const {
        T value{};
        return found(name, read(name, value)) ? std::optional<T>(std::move(value)) : std::nullopt;
    }

    /// An argument of any type as JSON text.
    [[nodiscard]] std::optional<std::string> find_json(const char* name) const {
        jh_str json = {nullptr, 0};
        const jh_rc rc = api().arg_json(host_.raw(), ctx_, name, &json);
        return found(name, rc) ? std::optional<std::string>(detail::view(json)) : std::nullopt;
    }

    [[nodiscard]] const Host& host() const { return host_; }
    [[nodiscard]] jh_ctx ctx() const { return ctx_; }

protected:
    [[nodiscard]] const jh_run_api& api() const { return *host_.raw()->run; }

private:
    [[nodiscard]] static Failure wrong(const char* name, const char* how) {
        return {Category::Business, "argument", std::string("argument ") + name + " " + how};
    }

    [[nodiscard]] static bool found(const char* name, jh_rc rc) {
        if (rc == JH_OK || rc == JH_E_ABSENT) {
            return rc == JH_OK;
        }
        throw wrong(name, rc == JH_E_INVALID       ? "is of another type"
                          : rc == JH_E_UNSUPPORTED ? "is a secret that this host cannot look up"
                                                   : "cannot be read, the attempt has ended");
    }

    jh_rc read(const char* name, std::int64_t& out) const {
        return api().arg_i64(host_.raw(), ctx_, name, &out);
    }

    jh_rc read(const char* name, double& out) const {
        return api().arg_f64(host_.raw(), ctx_, name, &out);
    }

    jh_rc read(const char* name, bool& out) const {
        std::int32_t number = 0;
        const jh_rc rc = api().arg_bool(host_.raw(), ctx_, name, &number);
        out = number != 0;
        return rc;
    }

    jh_rc read(const char* name, std::string_view& out) const {
        jh_str text = {nullptr, 0};
        const jh_rc rc = api().arg_str(host_.raw(), ctx_, name, &text);
        out = detail::view(text);
        return rc;
    }

    jh_rc read(const char* name, std::string& out) const {
        std::string_view text;
        const jh_rc rc = read(name, text);
        out = text;
        return rc;
    }

    Host host_;
    jh_ctx ctx_;
};

/// What an attempt may do while it is open. After its end nothing has an effect. [any thread]
class Context : public Arguments {
public:
    using Arguments::Arguments;

    /// Why this attempt should stop, if it should. Cheap enough for any loop.
    [[nodiscard]] CancelReason cancel_reason() const {
        return reason_of(api().cancel_reason(host().raw(), ctx()));
    }

    [[nodiscard]] bool should_stop() const { return cancel_reason() != CancelReason::None; }

    /// `fraction` of the work, 0 to 1, is done.
    void progress(double fraction, std::string_view note = {}) const {
        const double clamped = fraction > 0 ? std::min(fraction, 1.0) : 0.0;
        report(static_cast<std::uint32_t>(clamped * 10'000), note);
    }

    /// Something moves, nobody knows how far.
    void progress(std::string_view note) const { report(JH_PROGRESS_UNKNOWN, note); }

    void print(std::string_view text) const { write(JH_STREAM_STDOUT, text); }
    void print_error(std::string_view text) const { write(JH_STREAM_STDERR, text); }

    /// Keeps one JSON document as the result; the last one wins. False when it is no JSON or larger
    /// than 64 KiB. done(json) does the same and turns a refusal into a failure.
    [[nodiscard]] bool set_result(std::string_view json) const {
        return api().set_result(host().raw(), ctx(), detail::borrow(json)) == JH_OK;
    }

    /// One line in the host's log, under the name of this plugin and this job.
    void log(LogLevel level, std::string_view text, std::string_view fields_json = {}) const {
        host().raw()->log(host().raw(), ctx(), static_cast<std::int32_t>(level),
                          detail::borrow(text), detail::borrow(fields_json));
    }

protected:
    /// A context that has ended answers with an error: then stopping is right, too.
    [[nodiscard]] static CancelReason reason_of(jh_rc rc) {
        return rc < 0 ? CancelReason::LeaseLost : static_cast<CancelReason>(rc);
    }

private:
    void report(std::uint32_t permyriad, std::string_view note) const {
        api().progress(host().raw(), ctx(), permyriad, detail::borrow(note));
    }

    void write(std::uint32_t stream, std::string_view text) const {
        api().output(host().raw(), ctx(), stream, text.data(), text.size());
    }
};

/// Calls a function when a cancellation is asked for, as long as this object lives. Its destructor
/// waits until the function is not running.
class CancelCallback {
public:
    CancelCallback(const Context& context, std::function<void()> function)
        : host_(context.host()), ctx_(context.ctx()), function_(std::move(function)) {
        const jh_host* host = host_.raw();
        registered_ = host->run->on_cancel(host, ctx_, &call, &function_) == JH_OK;
    }

    ~CancelCallback() {
        if (registered_) {
            host_.raw()->run->off_cancel(host_.raw(), ctx_);
        }
    }

    CancelCallback(const CancelCallback&) = delete;
    CancelCallback& operator=(const CancelCallback&) = delete;

private:
    static void JH_CALL call(void* function) noexcept {
        (*static_cast<std::function<void()>*>(function))();
    }

    Host host_;
    jh_ctx ctx_;
    std::function<void()> function_;
    bool registered_ = false;
};

/// One attempt of a blocking runner. Lives on the stack of the call; keep no reference to it.
class Attempt : public Context {
public:
    Attempt(Host host, jh_ctx ctx, const jh_run_info& info) : Context(host, ctx), info_(info) {}

    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    [[nodiscard]] const jh_run_info& info() const { return info_; }
    [[nodiscard]] std::string_view job_id() const { return detail::view(info_.job_id); }
    [[nodiscard]] std::string_view args_json() const { return detail::view(info_.args_json); }
    [[nodiscard]] std::uint32_t number() const { return info_.attempt; }

    /// Sleeps, at most `duration`, until a cancellation is asked for.
    template <class Rep, class Period>
    [[nodiscard]] CancelReason wait_for_cancel(std::chrono::duration<Rep, Period> duration) const {
        constexpr std::int64_t kLongest = 0xffffffff;
        const auto ms = std::min(detail::whole_milliseconds(duration), kLongest);
        return reason_of(api().wait_cancelled(host().raw(), ctx(), static_cast<std::uint32_t>(ms)));
    }

    /// Calls `function` on a thread of the host when a cancellation is asked for, for clients that
    /// block: `const auto watch = attempt.on_cancel([&] { client.abort(); });`. It must be short
    /// and let nothing be thrown. One at a time.
    [[nodiscard]] CancelCallback on_cancel(std::function<void()> function) const {
        return CancelCallback(*this, std::move(function));
    }

private:
    const jh_run_info& info_;
};

}  // namespace JOBHOST_SDK_LEVEL
}  // namespace jobhost::sdk
