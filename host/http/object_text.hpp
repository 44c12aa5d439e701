#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"

namespace jobhost::http {

/// Writes one JSON object. Documents that are kept as text go out letter by letter as they came in.
class ObjectText {
public:
    ObjectText& add(std::string_view key, const base::Json& value);
    ObjectText& add(std::string_view key, std::string_view text);
    /// A document as it is; null when it is empty.
    ObjectText& add_text(std::string_view key, std::string_view document);

    [[nodiscard]] std::string finish() &&;

private:
    void begin_member(std::string_view key);
    std::string text_ = "{";
};

/// Writes one JSON array of documents that are text already.
class ArrayText {
public:
    void add_text(std::string_view document);
    [[nodiscard]] std::string finish() &&;

private:
    std::string text_ = "[";
};

}  // namespace jobhost::http
