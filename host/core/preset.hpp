#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "core/job_draft.hpp"
#include "core/pattern.hpp"

namespace jobhost::core {

/// Which texts somebody means.
class TextMatch {
public:
    /// Any text.
    TextMatch() = default;

    /// "word" is that word, "word*" what begins with it, "*word" what ends with it, "*word*" what
    /// holds it, "*" any text. `Invalid` for a star in another place, and for nothing.
    [[nodiscard]] static base::Result<TextMatch> parse(std::string_view text);
    /// What fits the regular expression.
    [[nodiscard]] static base::Result<TextMatch> by_pattern(std::string_view pattern);

    [[nodiscard]] bool matches(std::string_view text) const;

private:
    enum class Form { Any, Equal, Prefix, Suffix, Contains, Pattern };

    Form form_ = Form::Any;
    std::string word_;
    std::shared_ptr<const Pattern> pattern_;  ///< shared, so that the rules can be copied
};

/// What an operator says about all jobs of some kind, above what each says about itself.
struct Preset {
    std::string name = {};

    // Of which jobs; a job without a name has the empty one.
    TextMatch type = {};
    TextMatch group = {};
    TextMatch job_name = {};

    // What they get. It never makes a recurring job of one that is none, nor one kind of the other.
    std::optional<std::string> priority = {};
    std::optional<std::string> node_name = {};
    std::optional<std::int64_t> max_try_count = {};
    std::optional<std::string> cron = {};        ///< of kind `period`
    std::optional<Duration> interval = {};       ///< of kind `persistent`
    std::optional<std::int64_t> max_count = {};  ///< of recurring ones
    std::optional<Duration> lock_timeout = {};   ///< of recurring ones
};

/// The first preset that is about this job; null when none is.
[[nodiscard]] const Preset* preset_for(const JobDraft& draft, std::span<const Preset> presets);

/// Has the draft say what the preset says.
void apply(const Preset& preset, JobDraft& draft);

}  // namespace jobhost::core
