#include "plugin/description_cache.hpp"

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "plugin/refusal.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::plugin {
namespace {

std::string some_description() {
    PluginDescription description;
    description.id = "acme.mail";
    return base::to_text(to_json(description));
}

/// Answers what it is told to, and counts how often it is asked.
class CountingDescriber final : public Describer {
public:
    base::Result<std::string> describe(const std::filesystem::path& /*library*/) override {
        ++asked;
        return error ? base::Result<std::string>(*error) : base::Result<std::string>(answer);
    }
    [[nodiscard]] std::string identity() const override { return who; }

    std::string who = "first";
    std::string answer = some_description();
    std::optional<base::Error> error;
    int asked = 0;
};

class DescriptionCacheTest : public testing::Test {
protected:
    /// A new cache each time, as each start of a host has one.
    base::Result<PluginDescription> describe(const std::string& digest = "abc") {
        DescriptionCache cache(dir_ / "descriptions", describer_);
        return cache.describe({dir_ / "mail.so", digest});
    }

    support::TempDir dir_;
    CountingDescriber describer_;
};

TEST_F(DescriptionCacheTest, SameContentIsDescribedOnce) {
    EXPECT_EQ(describe()->id, "acme.mail");
    EXPECT_EQ(describe()->id, "acme.mail");
    EXPECT_EQ(describer_.asked, 1);
}

TEST_F(DescriptionCacheTest, DefaultIsRememberedHoweverDeepItIs) {
    PluginDescription deep;
    deep.types = {{.id = "acme.send", .parameters = {{.name = "to"}}}};
    auto& value = deep.types[0].parameters[0].default_json;
    value = std::string(base::kJsonDepth, '[') + std::string(base::kJsonDepth, ']');
    describer_.answer = base::to_text(to_json(deep));
    static_cast<void>(describe());
    const auto again = describe();
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, deep);
    EXPECT_EQ(describer_.asked, 1);
}

TEST_F(DescriptionCacheTest, OtherContentIsDescribedAnew) {
    static_cast<void>(describe("abc"));
    static_cast<void>(describe("def"));
    EXPECT_EQ(describer_.asked, 2);
}

TEST_F(DescriptionCacheTest, AnotherDescriberIsAskedAgain) {
    static_cast<void>(describe());
    describer_.who = "second";
    static_cast<void>(describe());
    static_cast<void>(describe());
    EXPECT_EQ(describer_.asked, 2);
}

TEST_F(DescriptionCacheTest, RefusalThatLiesInTheFileIsRemembered) {
    describer_.error = refused("it is not a shared library");
    static_cast<void>(describe());
    const auto again = describe();
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().message, "it is not a shared library");
    EXPECT_EQ(again.error().code, kRefused);
    EXPECT_EQ(describer_.asked, 1);
}

TEST_F(DescriptionCacheTest, RefusalThatMayPassIsNotRemembered) {
    describer_.error = not_loadable("libfoo.so is missing");
    static_cast<void>(describe());
    describer_.error = base::Error{base::ErrorKind::Timeout, "plugin_describe_timeout", "too slow"};
    EXPECT_EQ(describe().error().message, "too slow");
    describer_.error.reset();
    EXPECT_TRUE(describe());
    EXPECT_EQ(describer_.asked, 3);
}

TEST_F(DescriptionCacheTest, GarbledMemoryIsAskedAgain) {
    for (const auto* const garbage : {"", "{nope", "[]", "{}", R"({"describer":"first"})",
                                      R"({"describer":"first","description":{"id":7}})"}) {
        describer_.asked = 0;
        dir_.write("descriptions/abc.json", garbage);
        EXPECT_TRUE(describe());
        EXPECT_EQ(describer_.asked, 1) << garbage;
    }
}

TEST_F(DescriptionCacheTest, GarbledAnswerIsAnErrorAndNotRemembered) {
    describer_.answer = "{nope";
    EXPECT_FALSE(describe());
    describer_.answer = "{}";
    EXPECT_FALSE(describe());
    EXPECT_EQ(describer_.asked, 2);
}

TEST_F(DescriptionCacheTest, FolderThatCannotBeWrittenCostsOnlyTheAsking) {
    dir_.write("descriptions", "a file in the way");
    EXPECT_TRUE(describe());
    EXPECT_TRUE(describe());
    EXPECT_EQ(describer_.asked, 2);
}

TEST_F(DescriptionCacheTest, NothingIsLeftBesideWhatIsRemembered) {
    static_cast<void>(describe());
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(dir_ / "descriptions")) {
        EXPECT_EQ(entry.path().filename(), "abc.json");
        ++files;
    }
    EXPECT_EQ(files, 1);
}

}  // namespace
}  // namespace jobhost::plugin
