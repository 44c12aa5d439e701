#include "core/why_terms.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace jobhost::core {

Term term(std::string_view name, base::Json value, std::string in_the_way) {
    return {name, in_the_way.empty(), std::move(value), std::move(in_the_way)};
}

base::Json json_of(const std::optional<Instant>& instant) {
    return instant ? base::Json(base::format_instant(*instant)) : base::Json(nullptr);
}

std::string since_text(const std::optional<Instant>& instant) {
    return instant ? " since " + base::format_instant(*instant) : std::string();
}

std::string disabled_sentence() { return "It is disabled: it never runs until it is enabled."; }

std::string paused_sentence(const std::optional<Instant>& since) {
    return "It is paused" + since_text(since) + ": it waits until it is resumed.";
}

std::string stopped_sentence(const std::optional<Instant>& since,
                             std::string_view reason,
                             bool gave_up) {
    return (gave_up ? "It has given up, stopped" : "It is stopped") + since_text(since) +
           ", reason " + std::string(reason) + ": nothing more happens until it is resumed.";
}

void decide(Explanation& answer, std::span<const Decider> order) {
    for (const Decider& decider : order) {
        const auto found = std::ranges::find(answer.terms, decider.term, &Term::name);
        JOBHOST_ASSERT(found != answer.terms.end());
        if (!found->pass) {
            answer.verdict = decider.verdict;
            answer.sentence = found->sentence;
            return;
        }
    }
}

}  // namespace jobhost::core
