#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>

#include "store/job_store.hpp"

namespace jobhost::run {

/// Keeps the beginning and the end of what an attempt prints, whatever its length, in the order in
/// which it came. Not thread-safe.
class OutputBuffer {
public:
    static constexpr std::size_t kHeadBytes = std::size_t{64} * 1024;
    static constexpr std::size_t kTailBytes = std::size_t{64} * 1024;

    void add(core::Stream stream, std::span<const std::byte> bytes);

    [[nodiscard]] bool empty() const { return head_.empty(); }
    [[nodiscard]] store::Output snapshot() const;

private:
    void add_to_tail(core::Stream stream, std::string_view text);

    std::vector<store::OutputChunk> head_;
    std::size_t head_bytes_ = 0;
    std::deque<store::OutputChunk> tail_;
    std::size_t tail_bytes_ = 0;
    std::uint64_t dropped_ = 0;
};

}  // namespace jobhost::run
