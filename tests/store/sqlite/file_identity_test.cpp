#include "store/sqlite/file_identity.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace jobhost::store::sqlite {
namespace {

TEST(FileIdentity, AFileThatStaysIsTheSame) {
    const support::TempDir dir;
    const FileIdentity identity(dir.write("f", "x"));
    dir.write("f", "longer than before");

    EXPECT_FALSE(identity.changed());
}

TEST(FileIdentity, AFileThatIsMovedDeletedOrReplacedIsNot) {
    const support::TempDir dir;
    const auto file = dir.write("f", "x");
    const FileIdentity identity(file);

    std::filesystem::rename(file, dir / "g");
    EXPECT_TRUE(identity.changed());
    dir.write("f", "x");
    EXPECT_TRUE(identity.changed());
    std::filesystem::rename(dir / "g", file);
    EXPECT_FALSE(identity.changed());
}

TEST(FileIdentity, ThisDiskIsNoNetwork) {
    EXPECT_FALSE(is_on_network(support::TempDir().path()));
    EXPECT_FALSE(is_on_network("/no/such/place"));
}

}  // namespace
}  // namespace jobhost::store::sqlite
