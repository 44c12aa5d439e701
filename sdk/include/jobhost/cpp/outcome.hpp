#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "../plugin.h"

// Everything of the C++ face is compiled into the plugin and hidden in it, under a name of its
// level: two plugins in one process never share inline code, whatever they were built with.
#if defined(_WIN32)
#define JOBHOST_SDK_LEVEL level1
#else
#define JOBHOST_SDK_LEVEL level1 __attribute__((visibility("hidden")))
#endif

namespace jobhost::sdk {
inline namespace JOBHOST_SDK_LEVEL {

/// Whose fault a failure is; what the host does by default follows from it.
enum class Category : std::uint32_t {
    Business = JH_CATEGORY_BUSINESS,        ///< the input, or a rule: trying again is no use
    Application = JH_CATEGORY_APPLICATION,  ///< a mistake in the program
    Network = JH_CATEGORY_NETWORK,          ///< a peer, or the way to it
    System = JH_CATEGORY_SYSTEM,            ///< this machine
};

namespace detail {

inline jh_str borrow(std::string_view text) {
    jh_str borrowed;
    borrowed.ptr = text.data();
    borrowed.len = text.size();
    return borrowed;
}

inline std::string_view view(jh_str text) {
    return text.ptr == nullptr ? std::string_view() : std::string_view(text.ptr, text.len);
}

template <class Rep, class Period>
std::int64_t whole_milliseconds(std::chrono::duration<Rep, Period> duration) {
    const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
    return std::max<std::int64_t>(0, static_cast<std::int64_t>(rounded));
}

}  // namespace detail

/// Why something failed. Return it or throw it from anything the host calls:
/// `throw Failure(Category::Network, "http.timeout", "no answer in 30 s").retry_after(1min);`
class Failure : public std::exception {
public:
    /// `type` is a stable dotted id that people count by, `message` one sentence for them.
    Failure(Category category, std::string type, std::string message)
        : category_(category), type_(std::move(type)), message_(std::move(message)) {}

    /// Another try may succeed, whatever the category.
    Failure& retryable() {
        flags_ |= JH_ERROR_RETRYABLE;
        return *this;
    }

    /// Another try cannot succeed.
    Failure& permanent() {
        flags_ |= JH_ERROR_PERMANENT;
        return *this;
    }

    /// Not before this time has passed.
    template <class Rep, class Period>
    Failure& retry_after(std::chrono::duration<Rep, Period> delay) {
        retry_after_ms_ = static_cast<std::uint64_t>(detail::whole_milliseconds(delay));
        return *this;
    }

    /// A number of your own, such as an exit code.
    Failure& code(std::uint32_t number) {
        code_ = number;
        return *this;
    }

    /// More about it, as one JSON document.
    Failure& details(std::string json) {
        details_json_ = std::move(json);
        return *this;
    }

    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
    [[nodiscard]] const std::string& type() const { return type_; }
    [[nodiscard]] Category category() const { return category_; }

    /// The same in C. Borrows from this object.
    [[nodiscard]] jh_error borrowed() const {
        jh_error error = {};
        error.struct_size = JH_STRUCT_SIZE(jh_error);
        error.flags = flags_;
        error.category = static_cast<std::uint32_t>(category_);
        error.code = code_;
        error.retry_after_ms = retry_after_ms_;
        error.type = detail::borrow(type_);
        error.message = detail::borrow(message_);
        error.details_json = detail::borrow(details_json_);
        return error;
    }

private:
    Category category_;
    std::uint32_t flags_ = 0;
    std::uint32_t code_ = 0;
    std::uint64_t retry_after_ms_ = 0;
    std::string type_;
    std::string message_;
    std::string details_json_;
};

/// How an attempt ends. Made by done(), cancelled(), snooze(), or out of a Failure.
class Outcome {
public:
    // Implicit, so that a function says `return Failure(...)`.
    // NOLINTNEXTLINE(google-explicit-constructor)
    Outcome(Failure reason) : code_(JH_FAILED), reason_(std::move(reason)), has_reason_(true) {}

    [[nodiscard]] jh_rc code() const { return code_; }
    [[nodiscard]] const Failure* reason() const { return has_reason_ ? &reason_ : nullptr; }
    [[nodiscard]] const std::string& result_json() const { return result_json_; }

private:
    friend Outcome done(std::string result_json);
    friend Outcome cancelled();
    template <class Rep, class Period>
    friend Outcome snooze(std::chrono::duration<Rep, Period> delay, std::string reason);

    explicit Outcome(jh_rc code) : code_(code), reason_(Category::Application, "", "") {}

    jh_rc code_;
    Failure reason_;
    bool has_reason_ = false;
    std::string result_json_;
};

/// Success, with a result (one JSON document, at most 64 KiB) if there is one.
[[nodiscard]] inline Outcome done(std::string result_json = {}) {
    Outcome outcome(JH_OK);
    outcome.result_json_ = std::move(result_json);
    return outcome;
}

/// Stopped because a cancellation was asked for.
[[nodiscard]] inline Outcome cancelled() { return Outcome(JH_CANCELLED); }

/// Not now: again after `delay`, without using up a try.
template <class Rep, class Period>
[[nodiscard]] Outcome snooze(std::chrono::duration<Rep, Period> delay, std::string reason) {
    Outcome outcome(Failure(Category::Application, "snooze", std::move(reason)).retry_after(delay));
    outcome.code_ = JH_SNOOZE;
    return outcome;
}

}  // namespace JOBHOST_SDK_LEVEL
}  // namespace jobhost::sdk
