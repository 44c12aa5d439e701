#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/clock.hpp"
#include "base/id.hpp"

struct sqlite3_stmt;

namespace jobhost::store::sqlite {

class Connection;

/// Bytes that are bound as a blob.
struct Blob {
    std::span<const std::byte> bytes;
};

/// Strong types over an integer: keys, tokens, ranks.
template <typename T>
concept WrapsInteger = std::is_class_v<T> && requires(const T& t) {
    { t.value } -> std::convertible_to<std::int64_t>;
};

/// Ids over a UUID; kept as 16 bytes.
template <typename T>
concept WrapsUuid = requires(const T& t) {
    { t.uuid } -> std::convertible_to<base::Uuid>;
};

/// One use of a prepared statement: bound when it is made by `Connection::query`, reset when it
/// goes. After a failure `next` says that there are no rows; the connection keeps the reason.
class Statement {
public:
    /// A null handle is a statement without rows.
    Statement(Connection& connection, sqlite3_stmt* handle)
        : connection_(&connection), handle_(handle) {}
    Statement(Statement&& other) noexcept
        : connection_(other.connection_), handle_(std::exchange(other.handle_, nullptr)) {}
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    /// Binds all parameters in order. What is bound must live until the last `next`.
    template <typename... Values>
    void bind(const Values&... values) {
        if (handle_ != nullptr) {
            [[maybe_unused]] int position = 0;
            (bind_value(++position, values), ...);
        }
    }

    /// Goes to the next row; false at the end.
    [[nodiscard]] bool next();

    /// A column of the current row, from 0. Integers, strong types over them, enumerations,
    /// instants, ids, strings (of text and of blobs) and optionals of these.
    template <typename T>
    [[nodiscard]] T column(int index) const;

private:
    void bind_value(int position, std::int64_t value);
    void bind_value(int position, std::string_view value);
    void bind_value(int position, Blob value);
    void bind_value(int position, std::nullopt_t);
    void bind_value(int position, int value) { bind_value(position, std::int64_t{value}); }
    void bind_value(int position, bool value) { bind_value(position, std::int64_t{value}); }
    void bind_value(int position, const char* value) {
        bind_value(position, std::string_view(value));
    }
    void bind_value(int position, const std::string& value) {
        bind_value(position, std::string_view(value));
    }
    void bind_value(int position, base::Instant value) {
        bind_value(position, std::int64_t{value.time_since_epoch().count()});
    }
    void bind_value(int position, base::Duration value) {
        bind_value(position, std::int64_t{value.count()});
    }
    void bind_value(int position, const base::Uuid& value) {
        bind_value(position, Blob{std::as_bytes(std::span(value.bytes))});
    }
    template <WrapsInteger T>
    void bind_value(int position, const T& value) {
        bind_value(position, std::int64_t{value.value});
    }
    template <WrapsUuid T>
    void bind_value(int position, const T& value) {
        bind_value(position, value.uuid);
    }
    template <typename T>
        requires std::is_enum_v<T>
    void bind_value(int position, T value) {
        bind_value(position, std::int64_t{static_cast<std::underlying_type_t<T>>(value)});
    }
    template <typename T>
    void bind_value(int position, const std::optional<T>& value) {
        if (value) {
            bind_value(position, *value);
        } else {
            bind_value(position, std::nullopt);
        }
    }

    [[nodiscard]] bool is_null(int index) const;
    [[nodiscard]] std::int64_t integer(int index) const;
    [[nodiscard]] std::string_view bytes(int index) const;
    [[nodiscard]] base::Uuid uuid(int index) const;
    void check(int code);

    Connection* connection_;
    sqlite3_stmt* handle_;
};

namespace detail {

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {
    using Value = T;
};

}  // namespace detail

template <typename T>
T Statement::column(int index) const {
    if constexpr (detail::IsOptional<T>::value) {
        using Value = typename detail::IsOptional<T>::Value;
        return is_null(index) ? std::nullopt : T(column<Value>(index));
    } else if constexpr (std::is_same_v<T, std::string>) {
        return std::string(bytes(index));
    } else if constexpr (std::is_same_v<T, bool>) {
        return integer(index) != 0;
    } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
        return static_cast<T>(integer(index));
    } else if constexpr (std::is_same_v<T, base::Instant>) {
        return base::Instant(base::Duration(integer(index)));
    } else if constexpr (std::is_same_v<T, base::Duration>) {
        return base::Duration(integer(index));
    } else if constexpr (WrapsUuid<T>) {
        return T{uuid(index)};
    } else {
        static_assert(WrapsInteger<T>);
        return T{static_cast<decltype(T::value)>(integer(index))};
    }
}

}  // namespace jobhost::store::sqlite
