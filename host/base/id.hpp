#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace jobhost::base {

/// 128 bits, ordered as bytes, written as 8-4-4-4-12 lower-case hex.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    [[nodiscard]] std::string text() const;
    /// Takes the 36-character form in either case, nothing else.
    [[nodiscard]] static std::optional<Uuid> parse(std::string_view text);

    friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// A new UUIDv7 (RFC 9562): sorts by time; ids made by one process within one millisecond sort in
/// the order in which they were made. [any thread]
[[nodiscard]] Uuid new_uuid(Instant now);

/// `count` random bytes from the system as lower-case hex.
[[nodiscard]] std::string random_hex(std::size_t count);

/// One type for each kind of id, so that they cannot be mixed up.
template <typename Tag>
struct Id {
    Uuid uuid{};

    [[nodiscard]] static Id make(Instant now) { return {new_uuid(now)}; }
    [[nodiscard]] static std::optional<Id> parse(std::string_view text) {
        const auto uuid = Uuid::parse(text);
        return uuid ? std::optional<Id>(Id{*uuid}) : std::nullopt;
    }
    [[nodiscard]] std::string text() const { return uuid.text(); }

    friend auto operator<=>(const Id&, const Id&) = default;
};

}  // namespace jobhost::base

template <>
struct std::hash<jobhost::base::Uuid> {
    std::size_t operator()(const jobhost::base::Uuid& uuid) const noexcept {
        return std::hash<std::string_view>{}(
            {reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()});
    }
};

template <typename Tag>
struct std::hash<jobhost::base::Id<Tag>> {
    std::size_t operator()(const jobhost::base::Id<Tag>& id) const noexcept {
        return std::hash<jobhost::base::Uuid>{}(id.uuid);
    }
};
