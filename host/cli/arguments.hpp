#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace jobhost::cli {

/// What stands behind a verb, judged: every value has the form that its option asks for.
class Arguments {
public:
    void add(std::string_view name, std::vector<std::string> values);

    [[nodiscard]] bool flag(std::string_view name) const;
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> count(std::string_view name) const;
    [[nodiscard]] std::optional<base::Duration> duration(std::string_view name) const;
    [[nodiscard]] std::optional<base::Instant> instant(std::string_view name) const;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace jobhost::cli
