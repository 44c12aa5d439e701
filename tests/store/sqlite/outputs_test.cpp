#include "store/sqlite/outputs.hpp"

#include <gmock/gmock.h>

namespace jobhost::store::sqlite {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(Outputs, ChunksComeBackInOrder) {
    const std::vector<OutputChunk> chunks{{core::Stream::Out, std::string("a\0b", 3)},
                                          {core::Stream::Err, ""},
                                          {core::Stream::Out, std::string(70'000, 'x')}};

    const auto back = unpack(pack(chunks));

    ASSERT_THAT(back, SizeIs(3));
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        EXPECT_EQ(back[i].stream, chunks[i].stream);
        EXPECT_EQ(back[i].bytes, chunks[i].bytes);
    }
}

TEST(Outputs, NothingIsNothing) {
    EXPECT_EQ(pack({}), "");
    EXPECT_THAT(unpack(""), IsEmpty());
}

TEST(Outputs, ADamagedEndIsLeftOut) {
    const std::string packed = pack({{core::Stream::Out, "whole"}, {core::Stream::Err, "torn"}});

    for (std::size_t cut = 1; cut <= 4; ++cut) {
        const auto back = unpack(std::string_view(packed).substr(0, packed.size() - cut));
        ASSERT_THAT(back, SizeIs(1));
        EXPECT_EQ(back[0].bytes, "whole");
    }
    EXPECT_THAT(unpack("abc"), IsEmpty());
}

}  // namespace
}  // namespace jobhost::store::sqlite
