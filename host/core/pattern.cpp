#include "core/pattern.hpp"

#include <regex>
#include <string>

#include "base/utf8.hpp"

namespace jobhost::core {

namespace {

// The standard library's usual matcher goes one level deeper for each character and takes
// exponential time for patterns like (a+)+$. Its other one keeps a set of states instead; it
// refuses back-references.
constexpr auto kSyntax = std::regex_constants::ECMAScript | std::regex_constants::__polynomial;

/// One element for each character; `text` is well-formed.
std::wstring characters(std::string_view text) {
    std::wstring wide;
    while (!text.empty()) {
        const std::size_t length = base::utf8_length(text).value_or(1);
        const auto first = static_cast<unsigned char>(text.front());
        std::uint32_t code_point = length == 1 ? first : first & (0x7FU >> length);
        for (const char byte : text.substr(1, length - 1)) {
            code_point = code_point << 6U | (static_cast<unsigned char>(byte) & 0x3FU);
        }
        wide += static_cast<wchar_t>(code_point);
        text.remove_prefix(length);
    }
    return wide;
}

base::Error bad_pattern(std::string_view pattern, std::string_view why) {
    return {base::ErrorKind::Invalid, "bad_pattern",
            "the pattern \"" + std::string(base::cut_utf8(pattern, 64)) +
                "\" cannot be used: " + std::string(why)};
}

}  // namespace

struct Pattern::State {
    std::wregex regex;
};

Pattern::Pattern(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

base::Result<Pattern> Pattern::compile(std::string_view pattern) {
    if (pattern.size() > kLongestPattern) {
        return bad_pattern(pattern, "it is longer than 256 bytes");
    }
    try {
        auto state = std::make_unique<State>();
        state->regex.imbue(std::locale::classic());
        state->regex.assign(characters(pattern), kSyntax);
        return Pattern(std::move(state));
    } catch (const std::regex_error& error) {
        return bad_pattern(pattern, error.what());
    }
}

bool Pattern::matches(std::string_view text) const {
    const std::wstring wide = characters(text);
    if (wide.size() > kLongestText) {
        return false;
    }
    try {
        return std::regex_search(wide, state_->regex);
    } catch (const std::regex_error&) {
        return false;
    }
}

}  // namespace jobhost::core
