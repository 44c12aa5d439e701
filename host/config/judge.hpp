#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/nearest.hpp"
#include "config/problem.hpp"
#include "config/value.hpp"
#include "core/job.hpp"
#include "http/options.hpp"

namespace jobhost::config {

/// An endpoint and where it was written, for checks that compare endpoints.
struct PlacedEndpoint {
    http::Endpoint endpoint;
    Place place;
};

/// What relative paths start from.
struct Folders {
    std::filesystem::path file;     ///< for values of the file
    std::filesystem::path working;  ///< for values from outside
};

/// Judges one value for one setting. Each function gives what the value means, or nothing after it
/// noted why not.
class Judge {
public:
    Judge(std::string setting, const Folders& folders, std::vector<Problem>& problems)
        : setting_(std::move(setting)), folders_(folders), problems_(problems) {}

    struct Range {
        std::int64_t lowest;
        std::int64_t highest;
    };
    struct NumberRange {
        double lowest;
        double highest;
    };
    struct DurationRange {
        base::Duration lowest;
        base::Duration highest;
    };

    /// Not empty, one line.
    std::optional<std::string> text(const Value& value);
    std::optional<int> integer(const Value& value, Range range);
    std::optional<double> number(const Value& value, NumberRange range);
    std::optional<bool> yes_no(const Value& value);
    /// `"30s"`.
    std::optional<base::Duration> duration(const Value& value, DurationRange range);
    /// Bytes: a whole number, or `"64KiB"`, `"1MiB"`.
    std::optional<std::size_t> size(const Value& value, Range range);
    std::optional<std::filesystem::path> path(const Value& value);
    /// The name of a zone of the system's database.
    std::optional<std::string> zone(const Value& value);
    /// Names of hosts, each with or without a port. One text stands for a list of one; text from
    /// outside is cut at commas.
    std::optional<std::vector<std::string>> host_names(const Value& value);
    /// Folders that are there.
    std::optional<std::vector<std::filesystem::path>> folders(const Value& value);
    /// At least one.
    std::optional<std::vector<PlacedEndpoint>> endpoints(const Value& value);
    std::optional<core::LabelMap> labels(const Value& value);

    template <typename T, std::size_t N>
    std::optional<T> choice(const Value& value,
                            const std::array<std::pair<std::string_view, T>, N>& choices) {
        const auto* word = expect_text(value, "a string");
        if (word == nullptr) {
            return std::nullopt;
        }
        std::vector<std::string_view> names;
        for (const auto& [name, meaning] : choices) {
            if (name == *word) {
                return meaning;
            }
            names.push_back(name);
        }
        not_a_choice(value, *word, names);
        return std::nullopt;
    }

    /// Notes a mistake in this setting's value; the message begins with the setting's name.
    void refuse(const Place& place,
                std::string code,
                const std::string& what,
                std::string hint = {});

private:
    const std::string* expect_text(const Value& value, std::string_view expected);
    void wrong_type(const Value& value, std::string_view expected);
    void not_a_choice(const Value& value,
                      std::string_view word,
                      std::span<const std::string_view> names);
    std::optional<std::vector<Value>> items(const Value& value, std::string_view expected);
    [[nodiscard]] std::filesystem::path absolute(const Value& value, std::string_view text) const;

    std::string setting_;
    const Folders& folders_;
    std::vector<Problem>& problems_;
};

}  // namespace jobhost::config
