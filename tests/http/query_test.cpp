#include "http/query.hpp"

#include <array>

#include <gtest/gtest.h>

namespace jobhost::http {
namespace {

constexpr std::array<std::string_view, 3> kKnown = {"limit", "status", "count"};

TEST(Query, NamesAndValuesAreDecoded) {
    const auto query = Query::read("limit=a%20b%26&st%61tus=c+d&count", kKnown);
    ASSERT_TRUE(query);
    EXPECT_EQ(query->text("limit"), "a b&");
    EXPECT_EQ(query->text("status"), "c d");
    EXPECT_TRUE(query->has("count"));
    EXPECT_FALSE(Query::read("", kKnown)->has("count"));
}

TEST(Query, AnUnknownParameterIsNamedAndTheNearestTold) {
    const auto query = Query::read("limt=5", kKnown);
    ASSERT_FALSE(query);
    EXPECT_EQ(query.error().code, "unknown_parameter");
    EXPECT_NE(query.error().message.find("\"limt\""), std::string::npos);
    EXPECT_NE(query.error().message.find("\"limit\""), std::string::npos);
    EXPECT_EQ(Query::read("&", kKnown).error().code, "unknown_parameter");
}

TEST(Query, ADoubledOrBrokenParameterIsRefused) {
    EXPECT_EQ(Query::read("limit=1&limit=1", kKnown).error().code, "bad_query");
    EXPECT_EQ(Query::read("limit=%", kKnown).error().code, "bad_query");
    EXPECT_EQ(Query::read("limit=%ff", kKnown).error().code, "bad_query");
    EXPECT_EQ(Query::read("%ff=1", kKnown).error().code, "bad_query");
}

TEST(Query, ALenientReaderTakesWhatItCan) {
    const auto query = Query::read_leniently("a=%&b=1&c");
    EXPECT_FALSE(query.has("a"));
    EXPECT_EQ(query.text("b"), "1");
    EXPECT_TRUE(query.has("c"));
}

TEST(Query, NumbersAreWholeAndInRange) {
    EXPECT_EQ(*Query::read("", kKnown)->number("limit", 50, 1, 1000), 50);
    EXPECT_EQ(*Query::read("limit=7", kKnown)->number("limit", 50, 1, 1000), 7);
    for (const std::string bad :
         {"", "x", "0", "1001", "1.0", "-1", "1x", "99999999999999999999"}) {
        EXPECT_FALSE(Query::read("limit=" + bad, kKnown)->number("limit", 50, 1, 1000)) << bad;
    }
}

TEST(Query, FlagsAreTrueOrFalse) {
    EXPECT_FALSE(*Query::read("", kKnown)->flag("count"));
    EXPECT_FALSE(*Query::read("count=false", kKnown)->flag("count"));
    EXPECT_TRUE(*Query::read("count=true", kKnown)->flag("count"));
    EXPECT_TRUE(*Query::read("count", kKnown)->flag("count"));
    EXPECT_FALSE(Query::read("count=yes", kKnown)->flag("count"));
}

}  // namespace
}  // namespace jobhost::http
