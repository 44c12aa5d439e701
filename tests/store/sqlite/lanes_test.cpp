#include "store/sqlite/lanes.hpp"

#include <gmock/gmock.h>

namespace jobhost::store::sqlite {
namespace {

TEST(Lanes, LabelsComeBackFromTheirText) {
    const core::LabelMap labels{{"site", "fra1"}, {"a \"b\"", "c=d,\n"}, {"leer", ""}};

    EXPECT_EQ(labels_from_text(labels_to_text(labels)), labels);
    EXPECT_EQ(labels_to_text({}), "{}");
}

TEST(Lanes, ATextThatIsNoLabelsGivesNone) {
    EXPECT_EQ(labels_from_text("["), core::LabelMap{});
    EXPECT_EQ(labels_from_text("[]"), core::LabelMap{});
    EXPECT_EQ(labels_from_text(R"({"a":1,"b":"2"})"), (core::LabelMap{{"b", "2"}}));
}

TEST(Lanes, TheBookFindsWhatItLearned) {
    LaneBook book;
    book.learn({{4}, "a", {{"x", "y"}}});

    EXPECT_EQ(book.find("a", labels_to_text({{"x", "y"}})), LaneId{4});
    EXPECT_EQ(book.find("a", "{}"), LaneId{});
    EXPECT_EQ(book.find("b", labels_to_text({{"x", "y"}})), LaneId{});
}

}  // namespace
}  // namespace jobhost::store::sqlite
