#include "cli/json_view.hpp"

#include <gtest/gtest.h>

namespace jobhost::cli {
namespace {

TEST(JsonView, TimesAreShownOnTheReadersClock) {
    EXPECT_EQ(local_time("2026-03-01T12:00:00.123Z", "Europe/Berlin"),
              "2026-03-01 13:00:00 +01:00");
    EXPECT_EQ(local_time("2026-03-01T12:00:00.000Z", "UTC").substr(0, 19), "2026-03-01 12:00:00");
}

TEST(JsonView, WhatIsNoTimeStaysAsItIs) {
    EXPECT_EQ(local_time("soon", "UTC"), "soon");
    EXPECT_EQ(local_time("2026-03-01T12:00:00.000Z", "Nowhere/Else"), "2026-03-01T12:00:00.000Z");
}

TEST(JsonView, ValuesAreShownWithoutTheirMarks) {
    EXPECT_EQ(shown(base::Json("x")), "x");
    EXPECT_EQ(shown(base::Json(true)), "yes");
    EXPECT_EQ(shown(base::Json(5)), "5");
    EXPECT_EQ(shown(base::Json(nullptr)), "");
    EXPECT_EQ(shown(base::Json(base::JsonArray{1, "a"})), "[1,\"a\"]");
}

TEST(JsonView, WhatIsMissingIsEmpty) {
    const base::Json object = base::JsonObject{{"a", 1}};
    EXPECT_EQ(text_at(object, "a"), "");
    EXPECT_EQ(text_at(base::Json(5), "a"), "");
    EXPECT_TRUE(list_at(object, "a").empty());
    EXPECT_EQ(shown_at(object, "b"), "");
}

}  // namespace
}  // namespace jobhost::cli
