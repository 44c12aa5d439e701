#include "config/plugin_json.hpp"

#include <cmath>

#include "base/json.hpp"

namespace jobhost::config {

namespace {

base::Json to_json(const Value& value);

base::Json to_json(const Table& table) {
    base::JsonObject object;
    for (const auto& entry : table) {
        object.insert_or_assign(entry.key, to_json(entry.value));
    }
    return object;
}

base::Json to_json(const List& list) {
    base::JsonArray array;
    for (const auto& item : list) {
        array.push_back(to_json(item));
    }
    return array;
}

base::Json to_json(const std::string& text) { return base::Json(text); }
base::Json to_json(const DateText& date) { return base::Json(date.text); }
base::Json to_json(std::int64_t number) { return number; }
base::Json to_json(double number) { return number; }
base::Json to_json(bool yes) { return yes; }

base::Json to_json(const Value& value) {
    return std::visit([](const auto& data) { return to_json(data); }, value.data);
}

const Value* find_unlimited(const Value& value) {
    if (const auto* number = std::get_if<double>(&value.data)) {
        return std::isfinite(*number) ? nullptr : &value;
    }
    if (const auto* table = value.table()) {
        return find_unlimited(*table);
    }
    if (const auto* list = value.list()) {
        for (const auto& item : *list) {
            if (const auto* found = find_unlimited(item)) {
                return found;
            }
        }
    }
    return nullptr;
}

}  // namespace

std::string json_text(const Table& table) { return base::to_text(to_json(table)); }

const Value* find_unlimited(const Table& table) {
    for (const auto& entry : table) {
        if (const auto* found = find_unlimited(entry.value)) {
            return found;
        }
    }
    return nullptr;
}

}  // namespace jobhost::config
