#include "cli/output_reader.hpp"

#include <algorithm>

#include "cli/json_view.hpp"

namespace jobhost::cli {

namespace {

/// U+FFFD, which stands for a byte that is not UTF-8.
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_true(const base::Json& document, std::string_view key) {
    const auto* value = document.is_object() ? base::find(document.get_object(), key) : nullptr;
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::uint64_t number_at(const base::Json& document, std::string_view key) {
    const auto* value = document.is_object() ? base::find(document.get_object(), key) : nullptr;
    boost::system::error_code error;
    const auto number = value == nullptr ? 0 : value->to_number<std::uint64_t>(error);
    return error ? 0 : number;
}

std::vector<OutputPiece> all_pieces(const base::Json& document) {
    std::vector<OutputPiece> pieces;
    const auto add = [&](std::string_view part) {
        for (const auto& chunk : list_at(document, part)) {
            pieces.push_back({text_at(chunk, "stream") == "stderr", text_at(chunk, "text"), 0});
        }
    };
    add("head");
    if (const auto dropped = number_at(document, "dropped_bytes"); dropped > 0) {
        pieces.push_back({false, "", dropped});
    }
    add("tail");
    return pieces;
}

}  // namespace

std::vector<OutputPiece> OutputReader::news(const base::Json& document) {
    auto pieces = all_pieces(document);
    // The last character of something that is still being written may be half there.
    if (is_true(document, "is_running") && !pieces.empty() &&
        pieces.back().text.ends_with(kReplacement)) {
        auto& text = pieces.back().text;
        text.resize(text.size() - kReplacement.size());
    }
    std::vector<OutputPiece> fresh;
    std::uint64_t at = 0;
    for (auto& piece : pieces) {
        const auto size = piece.dropped + piece.text.size();
        const auto known = std::min(size, seen_ > at ? seen_ - at : 0);
        at += size;
        if (known == size) {
            continue;
        }
        if (piece.dropped > 0) {
            piece.dropped -= known;
        } else {
            piece.text.erase(0, known);
        }
        fresh.push_back(std::move(piece));
    }
    seen_ = std::max(seen_, at);
    return fresh;
}

bool has_replacements(const base::Json& document) {
    return std::ranges::any_of(all_pieces(document), [](const OutputPiece& piece) {
        return piece.text.find(kReplacement) != std::string::npos;
    });
}

}  // namespace jobhost::cli
