#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace jobhost::cli {

/// A piece of output that was not shown yet, or a gap of bytes that the host did not keep.
struct OutputPiece {
    bool to_stderr = false;
    std::string text;
    std::uint64_t dropped = 0;
};

/// Remembers how much of an attempt's output was seen, so that asking again gives only what is new.
/// The host keeps beginning and end; what was dropped before it could be seen becomes a gap.
class OutputReader {
public:
    /// `document`: the answer of `GET /api/v1/jobs/{id}/output`.
    [[nodiscard]] std::vector<OutputPiece> news(const base::Json& document);

private:
    std::uint64_t seen_ = 0;  ///< bytes of both streams together
};

/// Are there bytes in it that JSON could not carry?
[[nodiscard]] bool has_replacements(const base::Json& document);

}  // namespace jobhost::cli
