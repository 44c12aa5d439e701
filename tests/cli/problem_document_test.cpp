#include "cli/problem_document.hpp"

#include <gtest/gtest.h>

#include "cli/exit_code.hpp"

namespace jobhost::cli {
namespace {

TEST(ProblemDocument, CodeWordsAndFieldsAreTakenOver) {
    const auto error = error_of_reply(
        422,
        R"({"type":"/problems/invalid_args","title":"T","status":422,"detail":"D","code":"invalid_args",
            "errors":[{"pointer":"/args/x","code":"unknown","message":"M"}]})",
        "http://h");
    EXPECT_EQ(error.code, "invalid_args");
    EXPECT_EQ(error.message, "D");
    EXPECT_EQ(error.kind, base::ErrorKind::Invalid);
    EXPECT_EQ(error.fields, (std::vector<base::FieldError>{{"/args/x", "unknown", "M"}}));
}

TEST(ProblemDocument, TheTitleStandsInForAMissingDetail) {
    EXPECT_EQ(error_of_reply(404, R"({"code":"c","title":"T"})", "h").message, "T");
}

TEST(ProblemDocument, StatusesBecomeExitCodes) {
    const auto code = [](int status) {
        return exit_code_of(error_of_reply(status, R"({"code":"c","detail":"d"})", "h"));
    };
    for (const int status : {400, 405, 413, 415, 422, 500}) {
        EXPECT_EQ(code(status), ExitCode::Failed) << status;
    }
    for (const int status : {401, 403, 421}) {
        EXPECT_EQ(code(status), ExitCode::NotAllowed) << status;
    }
    for (const int status : {409, 412}) {
        EXPECT_EQ(code(status), ExitCode::Conflict) << status;
    }
    for (const int status : {408, 429, 503, 504}) {
        EXPECT_EQ(code(status), ExitCode::Unreachable) << status;
    }
    EXPECT_EQ(code(404), ExitCode::NotFound);
}

TEST(ProblemDocument, AnythingElseIsNoAnswerOfAHost) {
    for (const auto* body : {"", "<html>", "[]", "{}", R"({"code":5})", R"({"code":"c"})"}) {
        const auto error = error_of_reply(404, body, "http://h:1");
        EXPECT_EQ(error.code, "not_a_jobhost") << body;
        EXPECT_EQ(error.message, "http://h:1 answered 404 in a way that no jobhost does");
        EXPECT_EQ(exit_code_of(error), ExitCode::Failed);
    }
}

}  // namespace
}  // namespace jobhost::cli
