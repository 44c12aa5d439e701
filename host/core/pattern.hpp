#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"

namespace jobhost::core {

/// A regular expression as JSON Schema has it: ECMAScript, searched for anywhere in the text unless
/// it is anchored, on characters rather than bytes. No back-references: matching takes bounded time
/// and stack, whoever wrote the pattern.
class Pattern {
public:
    static constexpr std::size_t kLongestPattern = 256;
    static constexpr std::size_t kLongestText = 2048;

    [[nodiscard]] static base::Result<Pattern> compile(std::string_view pattern);

    /// `text` is UTF-8 of at most `kLongestText` characters; a longer one never matches.
    [[nodiscard]] bool matches(std::string_view text) const;

    Pattern(Pattern&&) noexcept;
    Pattern& operator=(Pattern&&) noexcept;
    ~Pattern();

private:
    struct State;
    explicit Pattern(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace jobhost::core
