#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/assert.hpp"

namespace jobhost::base {

/// What a caller can do about a failure; the HTTP status and the exit code follow from it.
enum class ErrorKind {
    Invalid,      ///< the request is wrong; sending it again will fail again
    NotFound,     ///< the thing named does not exist
    Conflict,     ///< the state or a name does not allow it now
    Stale,        ///< the caller decided on an old version
    Forbidden,    ///< not allowed for this caller
    Limit,        ///< a size or a count is exceeded
    Unavailable,  ///< try again later: storage away, disk full, shutting down
    Timeout,      ///< the deadline of the call passed; the outcome may be unknown
    Internal,     ///< our fault
};

/// One mistake in one field of a request or of a file.
struct FieldError {
    std::string path;  ///< "args.command", "max_try_count"
    std::string code;  ///< stable, snake_case: "required", "unknown", "out_of_range"
    std::string message;

    friend bool operator==(const FieldError&, const FieldError&) = default;
};

/// Why something did not happen. `code` is stable and for programs, `message` is one sentence for
/// people that says what, where and what to do.
struct Error {
    ErrorKind kind = ErrorKind::Internal;
    std::string code;
    std::string message;
    std::vector<FieldError> fields = {};
};

/// Nothing, as a value: `Result<Unit>` is a success without a result.
struct Unit {
    friend bool operator==(Unit, Unit) = default;
};

/// A value or the reason why there is none. Member names are those of `std::expected`, so that a
/// later standard makes this one alias.
template <typename T>
class [[nodiscard]] Result {
public:
    using value_type = T;

    // NOLINTBEGIN(google-explicit-constructor)
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    T& value() & {
        JOBHOST_ASSERT(has_value());
        return *std::get_if<0>(&state_);
    }
    const T& value() const& {
        JOBHOST_ASSERT(has_value());
        return *std::get_if<0>(&state_);
    }
    T&& value() && { return std::move(value()); }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(value()); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    Error& error() & {
        JOBHOST_ASSERT(!has_value());
        return *std::get_if<1>(&state_);
    }
    const Error& error() const& {
        JOBHOST_ASSERT(!has_value());
        return *std::get_if<1>(&state_);
    }
    Error&& error() && { return std::move(error()); }

    template <typename U>
    T value_or(U&& other) const& {
        return has_value() ? value() : static_cast<T>(std::forward<U>(other));
    }

private:
    std::variant<T, Error> state_;
};

/// The success of a `Result<Unit>`.
inline Result<Unit> done() { return Unit{}; }

}  // namespace jobhost::base
