#include "leash.hpp"

#include <fcntl.h>
#include <string>

#include <gtest/gtest.h>

#include "descriptor.hpp"

namespace jobhost::shell {
namespace {

TEST(Leash, IsTheDescriptorThatTheHostNames) {
    const Descriptor open_file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(leash_descriptor(std::to_string(open_file.number()).c_str()), open_file.number());
}

TEST(Leash, IsNotThereWhenTheHostNamesNone) { EXPECT_EQ(leash_descriptor(nullptr), -1); }

TEST(Leash, IsNotTakenFromANumberThatCannotBeOne) {
    for (const char* const text : {"", "x", "7x", " 7", "-1", "0", "2", "999999", "99999999999"}) {
        EXPECT_EQ(leash_descriptor(text), -1) << text;
    }
}

}  // namespace
}  // namespace jobhost::shell
