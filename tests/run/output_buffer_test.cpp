#include "run/output_buffer.hpp"

#include <gtest/gtest.h>

#include "support/fake_claims.hpp"

namespace jobhost::run {
namespace {

using core::Stream;
using support::bytes_of;

std::string text(const std::vector<store::OutputChunk>& chunks) {
    std::string all;
    for (const store::OutputChunk& chunk : chunks) {
        all += chunk.bytes;
    }
    return all;
}

TEST(OutputBuffer, IsEmptyAtFirst) { EXPECT_TRUE(OutputBuffer().empty()); }

TEST(OutputBuffer, KeepsShortOutputWholeAndInOrder) {
    OutputBuffer buffer;
    buffer.add(Stream::Out, bytes_of("a"));
    buffer.add(Stream::Out, bytes_of("b"));
    buffer.add(Stream::Err, bytes_of("!"));
    buffer.add(Stream::Out, bytes_of("c"));
    const store::Output output = buffer.snapshot();
    ASSERT_EQ(output.head.size(), 3U);
    EXPECT_EQ(output.head[0].bytes, "ab");
    EXPECT_EQ(output.head[1].stream, Stream::Err);
    EXPECT_EQ(output.head[2].bytes, "c");
    EXPECT_TRUE(output.tail.empty());
    EXPECT_EQ(output.dropped_bytes, 0U);
}

TEST(OutputBuffer, ContinuesInTheTailWhenTheHeadIsFull) {
    OutputBuffer buffer;
    buffer.add(Stream::Out, bytes_of(std::string(OutputBuffer::kHeadBytes - 1, 'h')));
    buffer.add(Stream::Out, bytes_of("Htail"));
    const store::Output output = buffer.snapshot();
    EXPECT_EQ(text(output.head).size(), OutputBuffer::kHeadBytes);
    EXPECT_EQ(text(output.head).back(), 'H');
    EXPECT_EQ(text(output.tail), "tail");
    EXPECT_EQ(output.dropped_bytes, 0U);
}

TEST(OutputBuffer, DropsTheMiddleOfLongOutputAndSaysHowMuch) {
    OutputBuffer buffer;
    std::size_t sent = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::string line = "line " + std::to_string(i) + " " + std::string(995, 'x') + "\n";
        buffer.add(i % 7 == 0 ? Stream::Err : Stream::Out, bytes_of(line));
        sent += line.size();
    }
    const store::Output output = buffer.snapshot();
    EXPECT_EQ(text(output.head).substr(0, 7), "line 0 ");
    EXPECT_EQ(text(output.tail).size(), OutputBuffer::kTailBytes);
    EXPECT_NE(text(output.tail).find("line 999 "), std::string::npos);
    EXPECT_EQ(text(output.head).size() + text(output.tail).size() + output.dropped_bytes, sent);
}

TEST(OutputBuffer, KeepsTheEndOfOnePieceThatIsLargerThanEverything) {
    OutputBuffer buffer;
    std::string huge(10 * OutputBuffer::kTailBytes, 'x');
    huge.back() = 'Z';
    buffer.add(Stream::Out, bytes_of(huge));
    const store::Output output = buffer.snapshot();
    EXPECT_EQ(text(output.tail).size(), OutputBuffer::kTailBytes);
    EXPECT_EQ(text(output.tail).back(), 'Z');
    EXPECT_EQ(output.dropped_bytes,
              huge.size() - OutputBuffer::kHeadBytes - OutputBuffer::kTailBytes);
}

}  // namespace
}  // namespace jobhost::run
