#include "config/job_members.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/quote.hpp"

namespace jobhost::config {

namespace {

void to_seconds(Value& value, const std::string& path, std::vector<Problem>& problems) {
    const auto* text = value.text();
    const auto duration =
        text != nullptr
            ? base::parse_duration(*text)
            : base::Result<base::Duration>(base::Error{base::ErrorKind::Invalid, "", ""});
    if (duration) {
        value.data = base::to_seconds(*duration);
        return;
    }
    problems.push_back(
        {value.place, "wrong_type",
         path + " must be a duration, and this is " +
             (text != nullptr ? base::in_quotes(*text) : std::string(kind_name(value))),
         "write it like \"30s\" or \"1h30m\""});
}

}  // namespace

void durations_to_seconds(Table& table,
                          std::span<const std::string_view> names,
                          std::string_view path,
                          std::vector<Problem>& problems) {
    for (Entry& entry : table) {
        if (std::ranges::find(names, std::string_view(entry.key)) != names.end() &&
            !entry.value.broken) {
            to_seconds(entry.value, std::string(path) + entry.key, problems);
        }
    }
}

}  // namespace jobhost::config
