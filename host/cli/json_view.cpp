#include "cli/json_view.hpp"

#include "base/clock.hpp"
#include "schedule/time_zone.hpp"

namespace jobhost::cli {

namespace {

const base::Json* member(const base::Json& object, std::string_view key) {
    return object.is_object() ? base::find(object.get_object(), key) : nullptr;
}

}  // namespace

std::string text_at(const base::Json& object, std::string_view key) {
    const auto* value = member(object, key);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

const base::JsonArray& list_at(const base::Json& object, std::string_view key) {
    static const base::JsonArray none;
    const auto* value = member(object, key);
    return value != nullptr && value->is_array() ? value->get_array() : none;
}

std::string shown(const base::Json& value) {
    if (value.is_string()) {
        return std::string(value.get_string());
    }
    if (value.is_bool()) {
        return value.get_bool() ? "yes" : "no";
    }
    return value.is_null() ? std::string() : base::to_text(value);
}

std::string shown_at(const base::Json& object, std::string_view key) {
    const auto* value = member(object, key);
    return value == nullptr ? std::string() : shown(*value);
}

std::string local_time(std::string_view rfc3339, std::string_view zone) {
    const auto instant = base::parse_instant(rfc3339);
    const auto place = schedule::TimeZone::load(zone);
    if (!instant || !place) {
        return std::string(rfc3339);
    }
    // 2026-03-01T13:00:00.000+01:00, of which a person needs neither T nor milliseconds.
    auto text = place->format(*instant);
    text.replace(19, 4, " ");
    text.replace(10, 1, " ");
    return text;
}

bool is_empty(const base::Json& value) {
    return value.is_null() || (value.is_string() && value.get_string().empty()) ||
           (value.is_object() && value.get_object().empty()) ||
           (value.is_array() && value.get_array().empty());
}

}  // namespace jobhost::cli
