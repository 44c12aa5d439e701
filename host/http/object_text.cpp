#include "http/object_text.hpp"

#include <utility>

#include "base/quote.hpp"

namespace jobhost::http {

ObjectText& ObjectText::add(std::string_view key, const base::Json& value) {
    begin_member(key);
    text_ += base::to_text(value);
    return *this;
}

ObjectText& ObjectText::add(std::string_view key, std::string_view text) {
    begin_member(key);
    base::append_quoted(text_, text);
    return *this;
}

ObjectText& ObjectText::add_text(std::string_view key, std::string_view document) {
    begin_member(key);
    text_ += document.empty() ? "null" : document;
    return *this;
}

std::string ObjectText::finish() && { return std::move(text_) + "}"; }

void ObjectText::begin_member(std::string_view key) {
    if (text_.size() > 1) {
        text_ += ',';
    }
    base::append_quoted(text_, key);
    text_ += ':';
}

void ArrayText::add_text(std::string_view document) {
    if (text_.size() > 1) {
        text_ += ',';
    }
    text_ += document;
}

std::string ArrayText::finish() && { return std::move(text_) + "]"; }

}  // namespace jobhost::http
