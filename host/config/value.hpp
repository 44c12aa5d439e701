#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace jobhost::config {

/// Where a value was written: in the file, or outside of it by an environment variable or `--set`.
struct Place {
    int line = 0;             ///< from 1; 0 = outside the file, or the file as a whole
    int column = 0;           ///< from 1, in characters
    int length = 1;           ///< in characters, on that line
    std::string origin = {};  ///< `JOBHOST_RUN__WORKERS`, `--set run.workers`; empty for the file

    friend bool operator==(const Place&, const Place&) = default;
};

struct Entry;
struct Value;

using List = std::vector<Value>;
using Table = std::vector<Entry>;  ///< in the order of the file

/// A TOML date or time, as it was written.
struct DateText {
    std::string text;
};

/// One value of the file, or one text from outside.
struct Value {
    std::variant<std::string, std::int64_t, double, bool, DateText, List, Table> data;
    Place place;
    bool loose = false;   ///< text that may stand for a number too: from outside, or substituted
    bool broken = false;  ///< a substitution in it failed and was noted: not to be judged again

    [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&data); }
    [[nodiscard]] const List* list() const { return std::get_if<List>(&data); }
    [[nodiscard]] const Table* table() const { return std::get_if<Table>(&data); }
};

struct Entry {
    std::string key;
    Place place;  ///< of the key
    Value value;
};

/// "a string", "an integer", …: for error messages.
[[nodiscard]] std::string_view kind_name(const Value& value);

}  // namespace jobhost::config
