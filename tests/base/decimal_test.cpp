#include "base/decimal.hpp"

#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

TEST(Decimal, IsWrittenAsPeopleWriteIt) {
    EXPECT_EQ(decimal(0), "0");
    EXPECT_EQ(decimal(-0.0), "-0");
    EXPECT_EQ(decimal(30), "30");
    EXPECT_EQ(decimal(-1.5), "-1.5");
    EXPECT_EQ(decimal(0.0005), "0.0005");
    EXPECT_EQ(decimal(0.1), "0.1");
    EXPECT_EQ(decimal(1e15), "1000000000000000");
}

TEST(Decimal, AnExponentStandsOnlyAtTheExtremes) {
    EXPECT_EQ(decimal(1e-7), "1e-07");
    EXPECT_EQ(decimal(1e21), "1e+21");
    EXPECT_EQ(decimal(123456789012345678901.0), "123456789012345683968");
}

TEST(Decimal, ReadsBackAsTheSameNumber) {
    for (const double value :
         {1.0 / 3, 1e-6, 9.87654321e20, 4.9e-324, 0.1 + 0.2, std::numeric_limits<double>::max(),
          -std::numeric_limits<double>::min()}) {
        EXPECT_EQ(std::strtod(decimal(value).c_str(), nullptr), value);
    }
}

}  // namespace
}  // namespace jobhost::base
