#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "core/parameters.hpp"

namespace jobhost::plugin {

/// The arguments of one attempt, completed by the parameters' defaults. Read when they are first
/// asked for. [any thread]
class Arguments {
public:
    /// `type` must outlive this. `sent` is a JSON object that was judged by the type's parameters.
    Arguments(const core::TypeInfo& type, std::string sent);

    /// The whole as a JSON object.
    [[nodiscard]] const std::string& text();

    /// One argument: the value and its text. Both borrowed from this.
    struct Found {
        const base::Json* value = nullptr;
        std::string_view text;
        bool secret = false;  ///< declared as secret: the value is a reference
    };

    /// Nothing when it was not given, or is null, and has no default.
    [[nodiscard]] std::optional<Found> find(std::string_view name);

private:
    const core::TypeInfo& type_;
    std::once_flag completed_;
    std::once_flag read_;
    std::string text_;
    base::JsonText document_;
};

}  // namespace jobhost::plugin
