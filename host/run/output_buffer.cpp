#include "run/output_buffer.hpp"

#include <algorithm>
#include <string_view>

namespace jobhost::run {

namespace {

/// Neighbours of one stream become one chunk, so that many small writes stay few chunks.
template <typename Chunks>
void append(Chunks& chunks, core::Stream stream, std::string_view text) {
    if (text.empty()) {
        return;
    }
    if (chunks.empty() || chunks.back().stream != stream) {
        chunks.push_back({stream, {}});
    }
    chunks.back().bytes.append(text);
}

}  // namespace

void OutputBuffer::add(core::Stream stream, std::span<const std::byte> bytes) {
    std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::size_t first = std::min(text.size(), kHeadBytes - head_bytes_);
    append(head_, stream, text.substr(0, first));
    head_bytes_ += first;
    add_to_tail(stream, text.substr(first));
}

void OutputBuffer::add_to_tail(core::Stream stream, std::string_view text) {
    if (text.size() > kTailBytes) {
        dropped_ += text.size() - kTailBytes;
        text.remove_prefix(text.size() - kTailBytes);
    }
    append(tail_, stream, text);
    tail_bytes_ += text.size();
    while (tail_bytes_ > kTailBytes) {
        std::string& oldest = tail_.front().bytes;
        const std::size_t surplus = std::min(tail_bytes_ - kTailBytes, oldest.size());
        oldest.erase(0, surplus);
        tail_bytes_ -= surplus;
        dropped_ += surplus;
        if (oldest.empty()) {
            tail_.pop_front();
        }
    }
}

store::Output OutputBuffer::snapshot() const {
    return {head_, dropped_, {tail_.begin(), tail_.end()}};
}

}  // namespace jobhost::run
