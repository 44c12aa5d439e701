#include "base/metrics.hpp"

#include <cmath>
#include <limits>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, ACounterIsShownWithItsHelpAndType) {
    Metrics metrics;
    metrics.counter("jobs_total", "Jobs so far.").add();
    metrics.counter("jobs_total", "Jobs so far.").add(4);
    EXPECT_EQ(metrics.text(),
              "# HELP jobs_total Jobs so far.\n"
              "# TYPE jobs_total counter\n"
              "jobs_total 5\n");
}

TEST(Metrics, AGaugeGoesUpAndDown) {
    Metrics metrics;
    auto& gauge = metrics.gauge("slots", "Slots.");
    gauge.set(2.5);
    EXPECT_THAT(metrics.text(), HasSubstr("# TYPE slots gauge\nslots 2.5\n"));
    gauge.set(-1);
    EXPECT_THAT(metrics.text(), HasSubstr("\nslots -1\n"));
    gauge.set(std::numeric_limits<double>::infinity());
    EXPECT_THAT(metrics.text(), HasSubstr("\nslots +Inf\n"));
    gauge.set(-std::numeric_limits<double>::infinity());
    EXPECT_THAT(metrics.text(), HasSubstr("\nslots -Inf\n"));
    gauge.set(std::nan(""));
    EXPECT_THAT(metrics.text(), HasSubstr("\nslots NaN\n"));
}

TEST(Metrics, AHistogramCountsUpToEachBound) {
    Metrics metrics;
    auto& histogram = metrics.histogram("wait_seconds", "Waiting.", {{"type", "a"}});
    histogram.observe(0.001);
    histogram.observe(0.3);
    histogram.observe(1e9);
    const std::string text = metrics.text();
    EXPECT_THAT(text, HasSubstr("# TYPE wait_seconds histogram\n"));
    EXPECT_THAT(text, HasSubstr("wait_seconds_bucket{type=\"a\",le=\"0.0005\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("wait_seconds_bucket{type=\"a\",le=\"0.001\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("wait_seconds_bucket{type=\"a\",le=\"0.5\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("wait_seconds_bucket{type=\"a\",le=\"3600\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("wait_seconds_bucket{type=\"a\",le=\"+Inf\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("wait_seconds_sum{type=\"a\"} 1000000000.301\n"));
    EXPECT_THAT(text, HasSubstr("wait_seconds_count{type=\"a\"} 3\n"));
}

TEST(Metrics, FamiliesAndSeriesComeInOrderOfName) {
    Metrics metrics;
    metrics.counter("b", "B.", {{"x", "2"}}).add();
    metrics.gauge("a", "A.");
    metrics.counter("b", "B.", {{"x", "1"}});
    EXPECT_EQ(metrics.text(),
              "# HELP a A.\n# TYPE a gauge\na 0\n"
              "# HELP b B.\n# TYPE b counter\nb{x=\"1\"} 0\nb{x=\"2\"} 1\n");
}

TEST(Metrics, TheOrderOfLabelsDoesNotMatter) {
    Metrics metrics;
    auto& one = metrics.counter("c", "C.", {{"x", "1"}, {"y", "2"}});
    auto& other = metrics.counter("c", "C.", {{"y", "2"}, {"x", "1"}});
    EXPECT_EQ(&one, &other);
}

TEST(Metrics, NoValueOrHelpBreaksTheFormat) {
    Metrics metrics;
    metrics.counter("c", "two\nlines \\ \"quoted\"", {{"x", "a\"b\\c\nd\xFF"}});
    EXPECT_THAT(metrics.text(), HasSubstr("# HELP c two\\nlines \\\\ \"quoted\"\n"));
    EXPECT_THAT(metrics.text(), HasSubstr("c{x=\"a\\\"b\\\\c\\nd\uFFFD\"} 0\n"));
}

TEST(Metrics, BeyondTheBoundAllLabelSetsCountAsOther) {
    Metrics metrics;
    for (int i = 0; i < 1000; ++i) {
        metrics.counter("c", "C.", {{"x", std::to_string(i)}}).add();
    }
    const std::string text = metrics.text();
    EXPECT_THAT(text, HasSubstr("c{x=\"199\"} 1\n"));
    EXPECT_THAT(text, Not(HasSubstr("c{x=\"200\"}")));
    EXPECT_THAT(text, HasSubstr("c{x=\"other\"} 800\n"));
    metrics.counter("c", "C.", {{"x", "7"}}).add();
    EXPECT_THAT(metrics.text(), HasSubstr("c{x=\"7\"} 2\n"));
}

TEST(Metrics, AReferenceStaysGoodWhileOthersAreAdded) {
    Metrics metrics;
    auto& first = metrics.counter("c", "C.", {{"x", "first"}});
    for (int i = 0; i < 150; ++i) {
        metrics.counter("c", "C.", {{"x", std::to_string(i)}});
    }
    first.add(3);
    EXPECT_THAT(metrics.text(), HasSubstr("c{x=\"first\"} 3\n"));
}

TEST(Metrics, ThreadsCountTogether) {
    Metrics metrics;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&] {
                for (int i = 0; i < 1000; ++i) {
                    metrics.counter("c", "C.").add();
                    metrics.histogram("h", "H.").observe(0.25);
                }
            });
        }
        static_cast<void>(metrics.text());
    }
    EXPECT_THAT(metrics.text(), HasSubstr("\nc 4000\n"));
    EXPECT_THAT(metrics.text(), HasSubstr("\nh_sum 1000\nh_count 4000\n"));
}

TEST(Histogram, ABoundBelongsToItsOwnBucket) {
    Histogram histogram({1, 2});
    histogram.observe(1);
    histogram.observe(2);
    histogram.observe(2.1);
    const auto reading = histogram.read();
    EXPECT_EQ(reading.cumulative[0].second, 1U);
    EXPECT_EQ(reading.cumulative[1].second, 2U);
    EXPECT_EQ(reading.count, 3U);
}

TEST(Histogram, ANegativeTimeIsNoneAndNoNumberIsNotCounted) {
    Histogram histogram({1});
    histogram.observe(-5);
    histogram.observe(std::nan(""));
    EXPECT_EQ(histogram.read().count, 1U);
    EXPECT_EQ(histogram.read().sum, 0.0);
}

TEST(MetricsDeathTest, NamesThatPrometheusRefusesAreBrokenPromises) {
    Metrics metrics;
    EXPECT_DEATH(metrics.counter("", "x"), "broken promise");
    EXPECT_DEATH(metrics.counter("1st", "x"), "broken promise");
    EXPECT_DEATH(metrics.counter("a-b", "x"), "broken promise");
    EXPECT_DEATH(metrics.counter("a", "x", {{"b c", ""}}), "broken promise");
    EXPECT_DEATH(metrics.histogram("a", "x", {{"le", "1"}}), "broken promise");
    EXPECT_DEATH(metrics.counter("a", "x", {{"__b", ""}}), "broken promise");
}

TEST(MetricsDeathTest, AFamilyHasOneType) {
    Metrics metrics;
    metrics.counter("a", "x");
    EXPECT_DEATH(metrics.gauge("a", "x"), "broken promise");
}

TEST(HistogramDeathTest, BoundsMustRise) {
    EXPECT_DEATH(Histogram({1, 1}), "broken promise");
    EXPECT_DEATH(Histogram({2, 1}), "broken promise");
}

}  // namespace
}  // namespace jobhost::base
