#include "core/preset.hpp"

#include <algorithm>
#include <utility>

#include "core/job.hpp"
#include "core/recurrence_rules.hpp"

namespace jobhost::core {

namespace {

template <typename T>
void set(std::optional<T>& member, const std::optional<T>& value) {
    if (value) {
        member = value;
    }
}

}  // namespace

base::Result<TextMatch> TextMatch::parse(std::string_view text) {
    constexpr char kStar = '*';
    TextMatch match;
    if (text == "*") {
        return match;
    }
    const bool open_begin = text.starts_with(kStar);
    const bool open_end = text.ends_with(kStar);
    text.remove_prefix(open_begin ? 1 : 0);
    text.remove_suffix(open_end && !text.empty() ? 1 : 0);
    if (text.empty() || text.find(kStar) != std::string_view::npos) {
        return base::Error{base::ErrorKind::Invalid, "bad_match",
                           "must be a word, with a * at its beginning or its end if others may "
                           "stand there, or * alone"};
    }
    match.word_ = text;
    if (open_begin) {
        match.form_ = open_end ? Form::Contains : Form::Suffix;
    } else {
        match.form_ = open_end ? Form::Prefix : Form::Equal;
    }
    return match;
}

base::Result<TextMatch> TextMatch::by_pattern(std::string_view pattern) {
    auto compiled = Pattern::compile(pattern);
    if (!compiled) {
        return std::move(compiled).error();
    }
    TextMatch match;
    match.form_ = Form::Pattern;
    match.pattern_ = std::make_shared<const Pattern>(*std::move(compiled));
    return match;
}

bool TextMatch::matches(std::string_view text) const {
    switch (form_) {
        case Form::Any:
            return true;
        case Form::Equal:
            return text == word_;
        case Form::Prefix:
            return text.starts_with(word_);
        case Form::Suffix:
            return text.ends_with(word_);
        case Form::Contains:
            return text.find(word_) != std::string_view::npos;
        case Form::Pattern:
            return pattern_->matches(text);
    }
    return false;
}

const Preset* preset_for(const JobDraft& draft, std::span<const Preset> presets) {
    const auto found = std::ranges::find_if(presets, [&](const Preset& preset) {
        return preset.type.matches(draft.type) &&
               preset.group.matches(draft.group.value_or(std::string(kDefaultGroup))) &&
               preset.job_name.matches(draft.name.value_or(""));
    });
    return found == presets.end() ? nullptr : &*found;
}

void apply(const Preset& preset, JobDraft& draft) {
    // A word that is no kind will be told; what a once-job cannot have is no second mistake.
    const Kind kind = kind_of(draft).value_or(Kind::Once);
    set(draft.priority, preset.priority);
    set(draft.node_name, preset.node_name);
    set(draft.max_try_count, preset.max_try_count);
    if (kind == Kind::Once) {
        return;
    }
    set(draft.max_count, preset.max_count);
    set(draft.lock_timeout, preset.lock_timeout);
    if (kind == Kind::Period) {
        set(draft.cron, preset.cron);
    } else {
        set(draft.interval, preset.interval);
    }
}

}  // namespace jobhost::core
