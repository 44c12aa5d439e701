#include "plugin/failures.hpp"

#include <gtest/gtest.h>

#include "log_file.hpp"

namespace jobhost::plugin {
namespace {

class Failures : public testing::Test {
protected:
    Failures() { error_.struct_size = JH_STRUCT_SIZE(jh_error); }

    core::Failure read() { return failure_from(error_, conduct_); }

    LogFile log_;
    Conduct conduct_{"acme.mail", "1.2.0"};
    jh_error error_{};
};

TEST_F(Failures, AreCopiedWhole) {
    error_.flags = JH_ERROR_RETRYABLE;
    error_.category = JH_CATEGORY_NETWORK;
    error_.code = 503;
    error_.retry_after_ms = 1500;
    error_.type = jh_str_of("http.status");
    error_.message = jh_str_of("the server is busy");
    error_.details_json = jh_str_of(R"({"url":"x"})");
    const core::Failure expected{.category = core::ErrorCategory::Network,
                                 .hint = core::RetryHint::Retryable,
                                 .retry_after = core::Duration(1500),
                                 .type = "http.status",
                                 .code = 503,
                                 .message = "the server is busy",
                                 .details_json = R"({"url":"x"})"};
    EXPECT_EQ(read(), expected);
    EXPECT_EQ(conduct_.broken_rules(), 0);
}

TEST_F(Failures, EmptyOneIsUnspecifiedAndNamesThePlugin) {
    const auto failure = read();
    EXPECT_EQ(failure.category, core::ErrorCategory::Application);
    EXPECT_EQ(failure.type, "unspecified");
    EXPECT_EQ(failure.message, "plugin `acme.mail` 1.2.0 failed and told no reason");
}

TEST_F(Failures, KnownCategoriesAreKeptAndOthersAreApplication) {
    for (const auto& [number, category] :
         {std::pair(JH_CATEGORY_BUSINESS, core::ErrorCategory::Business),
          std::pair(JH_CATEGORY_APPLICATION, core::ErrorCategory::Application),
          std::pair(JH_CATEGORY_SYSTEM, core::ErrorCategory::System),
          std::pair(0U, core::ErrorCategory::Application),
          std::pair(77U, core::ErrorCategory::Application)}) {
        error_.category = number;
        EXPECT_EQ(read().category, category) << number;
    }
}

TEST_F(Failures, PermanentWinsOverRetryable) {
    error_.flags = JH_ERROR_RETRYABLE | JH_ERROR_PERMANENT;
    EXPECT_EQ(read().hint, core::RetryHint::Permanent);
}

TEST_F(Failures, DelayBeyondAllReasonIsBounded) {
    error_.retry_after_ms = ~std::uint64_t{0};
    const auto delay = read().retry_after;
    ASSERT_TRUE(delay);
    EXPECT_GT(*delay, std::chrono::years(1));
    EXPECT_LE(*delay, std::chrono::years(101));
}

TEST_F(Failures, TextsAreCleanAndBounded) {
    const std::string message = "bytes \xff " + std::string(1'000'000, 'x');
    error_.message = {message.data(), message.size()};
    const auto read_message = read().message;
    EXPECT_TRUE(read_message.starts_with("bytes \xEF\xBF\xBD x"));
    EXPECT_LE(read_message.size(), kLongestMessage);
}

TEST_F(Failures, DetailsThatAreNoJsonAreLeftOut) {
    error_.details_json = jh_str_of("{nope");
    EXPECT_EQ(read().details_json, "");
    EXPECT_EQ(conduct_.broken_rules(), 1);
}

TEST_F(Failures, DetailsThatAreTooLongAreLeftOut) {
    const auto details = '"' + std::string(kLongestDocument, 'x') + '"';
    error_.details_json = {details.data(), details.size()};
    EXPECT_EQ(read().details_json, "");
    EXPECT_EQ(conduct_.broken_rules(), 1);
}

TEST_F(Failures, StructThatIsTooSmallIsNotRead) {
    error_.struct_size = 8;
    error_.message = jh_str_of("not to be read");
    const auto failure = read();
    EXPECT_EQ(failure.type, "unspecified");
    EXPECT_EQ(failure.message.find("not to be read"), std::string::npos);
    EXPECT_EQ(conduct_.broken_rules(), 1);
}

TEST_F(Failures, StructOfANewerLevelIsRead) {
    error_.struct_size = JH_STRUCT_SIZE(jh_error) + 64;
    error_.message = jh_str_of("from the future");
    EXPECT_EQ(read().message, "from the future");
}

TEST(CopyText, NullPointerIsEmpty) { EXPECT_EQ(copy_text({nullptr, 10}, 100), ""); }

TEST(CopyText, DoesNotCutACharacter) { EXPECT_EQ(copy_text(jh_str_of("ää"), 3), "ä"); }

}  // namespace
}  // namespace jobhost::plugin
