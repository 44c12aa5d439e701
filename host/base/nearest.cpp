#include "base/nearest.hpp"

#include <algorithm>
#include <vector>

namespace jobhost::base {

namespace {

/// Longer words are no typing mistakes; the limit bounds the cost.
constexpr std::size_t kLongestWord = 128;

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::string lower(std::string_view word) {
    std::string folded(word);
    std::ranges::transform(folded, folded.begin(), [](char letter) { return lower(letter); });
    return folded;
}

/// One mistake in short words, about one in three letters of longer ones.
std::size_t tolerance(std::string_view word) { return std::max<std::size_t>(1, word.size() / 3); }

template <typename Text>
std::optional<std::string_view> closest(std::string_view word, std::span<const Text> candidates) {
    if (word.empty() || word.size() > kLongestWord) {
        return std::nullopt;
    }
    std::optional<std::string_view> best;
    std::size_t best_distance = tolerance(word) + 1;
    for (const auto& candidate : candidates) {
        if (candidate.size() > kLongestWord) {
            continue;
        }
        const auto distance = edit_distance(word, candidate);
        // A word of one or two letters is close to every other such word.
        if (distance < best_distance && distance < candidate.size()) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string question(std::optional<std::string_view> name) {
    return name ? "did you mean \"" + std::string(*name) + "\"?" : std::string();
}

}  // namespace

std::size_t edit_distance(std::string_view one, std::string_view other) {
    const std::string a = lower(one);
    const std::string b = lower(other);
    // Rows of the usual table: the one before the last, the last, and the one that is filled.
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        last[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
    return closest(word, candidates);
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string> candidates) {
    return closest(word, candidates);
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
    return question(nearest(word, candidates));
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
    return question(nearest(word, candidates));
}

}  // namespace jobhost::base
