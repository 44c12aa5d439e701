#include "plugin/arguments.hpp"

#include <algorithm>
#include <utility>

namespace jobhost::plugin {

namespace {

/// May `core::complete_args` change something?
bool to_be_completed(const core::Parameter& parameter) {
    return !parameter.default_json.empty() || parameter.type == core::ParameterType::Duration;
}

bool is_secret(const core::TypeInfo& type, std::string_view name) {
    return std::ranges::any_of(type.parameters, [&](const core::Parameter& parameter) {
        return parameter.secret && parameter.name == name;
    });
}

}  // namespace

Arguments::Arguments(const core::TypeInfo& type, std::string sent)
    : type_(type), text_(std::move(sent)) {}

const std::string& Arguments::text() {
    std::call_once(completed_, [this] {
        if (std::ranges::none_of(type_.parameters, to_be_completed)) {
            return;
        }
        const auto sent = base::parse_json(text_);
        if (sent && sent->value.is_object()) {
            text_ = core::complete_args(type_, *sent);
        }
    });
    return text_;
}

std::optional<Arguments::Found> Arguments::find(std::string_view name) {
    const auto& whole = text();
    std::call_once(read_, [&] {
        auto document = base::parse_json(whole);
        if (document && document->value.is_object()) {
            document_ = *std::move(document);
        } else {
            document_.value = base::JsonObject{};
        }
    });
    const auto* const value = base::find(document_.value.get_object(), name);
    if (value == nullptr || value->is_null()) {
        return std::nullopt;
    }
    return Found{value, document_.member(name), is_secret(type_, name)};
}

}  // namespace jobhost::plugin
