#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace jobhost::http {

/// What stands behind the `?` of a target: each name once, names and values decoded.
class Query {
public:
    /// A parameter that is not in `known`, or is there twice, is an error that names it.
    [[nodiscard]] static base::Result<Query> read(std::string_view text,
                                                  std::span<const std::string_view> known);
    /// Takes what it understands and leaves the rest alone.
    [[nodiscard]] static Query read_leniently(std::string_view text);

    [[nodiscard]] bool has(std::string_view name) const;
    /// Empty when it is not there.
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] base::Result<std::int64_t> number(std::string_view name,
                                                    std::int64_t usual,
                                                    std::int64_t least,
                                                    std::int64_t most) const;
    /// `true`, `false`, or nothing behind the name, which is true.
    [[nodiscard]] base::Result<bool> flag(std::string_view name) const;

private:
    std::map<std::string, std::string, std::less<>> values_;
};

/// The error for a parameter with a wrong value.
[[nodiscard]] base::Error bad_query(std::string_view name, std::string_view must);

}  // namespace jobhost::http
