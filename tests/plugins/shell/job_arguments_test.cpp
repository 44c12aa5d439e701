#include "job_arguments.hpp"

#include <gtest/gtest.h>

namespace jobhost::shell {
namespace {

using std::chrono::milliseconds;

std::string mistakes_in(std::string_view json) {
    const auto arguments = read_job_arguments(json);
    if (!arguments) {
        EXPECT_EQ(arguments.fault().category, Category::Business);
        EXPECT_EQ(arguments.fault().retry, Retry::Useless);
        EXPECT_EQ(arguments.fault().type, "shell.arguments");
    }
    return arguments ? "" : arguments.fault().message;
}

TEST(JobArguments, HaveDefaults) {
    const auto arguments = read_job_arguments(R"({"command":"true","interpreter":null})");
    ASSERT_TRUE(arguments);
    EXPECT_EQ(std::get<CommandText>(arguments->work).text, "true");
    EXPECT_FALSE(arguments->interpreter);
    EXPECT_FALSE(arguments->working_directory);
    EXPECT_TRUE(arguments->environment.empty());
    EXPECT_EQ(arguments->stdin_text, "");
    EXPECT_EQ(arguments->kill_grace, milliseconds(5000));
    EXPECT_EQ(arguments->exit_codes.success, std::set<int>{0});
    EXPECT_TRUE(arguments->exit_codes.retry.empty());
    EXPECT_TRUE(arguments->exit_codes.permanent.empty());
}

TEST(JobArguments, AreAllRead) {
    const auto arguments = read_job_arguments(R"({
        "script": "a\u0000b", "interpreter": "python3", "working_directory": "/srv",
        "environment": {"A": "b"}, "stdin": "c\u0000d", "kill_grace": 0.25,
        "success_codes": [0, 3], "retry_codes": [4], "permanent_codes": [5, 6]})");
    ASSERT_TRUE(arguments) << arguments.fault().message;
    EXPECT_EQ(std::get<ScriptText>(arguments->work).text, std::string("a\0b", 3));
    EXPECT_EQ(arguments->interpreter, "python3");
    EXPECT_EQ(arguments->working_directory, "/srv");
    EXPECT_EQ(arguments->environment, (Environment{{"A", "b"}}));
    EXPECT_EQ(arguments->stdin_text, std::string("c\0d", 3));
    EXPECT_EQ(arguments->kill_grace, milliseconds(250));
    EXPECT_EQ(arguments->exit_codes.success, (std::set<int>{0, 3}));
    EXPECT_EQ(arguments->exit_codes.retry, std::set<int>{4});
    EXPECT_EQ(arguments->exit_codes.permanent, (std::set<int>{5, 6}));
}

TEST(JobArguments, AProgramIsCalledWithItsWords) {
    const auto arguments = read_job_arguments(R"({"argv":["ls","","-l"]})");
    ASSERT_TRUE(arguments);
    EXPECT_EQ(std::get<ProgramCall>(arguments->work).words,
              (std::vector<std::string>{"ls", "", "-l"}));
}

TEST(JobArguments, ExactlyOneKindOfWorkIsGiven) {
    const std::string expected = "give exactly one of command, script and argv";
    EXPECT_EQ(mistakes_in("{}"), expected);
    EXPECT_EQ(mistakes_in(R"({"command":"a","script":"b"})"), expected);
    EXPECT_EQ(mistakes_in(R"({"command":"a","script":"b","argv":["c"]})"), expected);
}

TEST(JobArguments, EachMistakeIsNamed) {
    const std::pair<const char*, const char*> cases[] = {
        {R"("command":"a\u0000")", "command: holds a NUL"},
        {R"("argv":[])", "argv: its first element names the program"},
        {R"("argv":[""])", "argv: its first element names the program"},
        {R"("argv":["a",1])", "argv: has to be an array of texts without NUL"},
        {R"("argv":["a\u0000"])", "argv: has to be an array of texts without NUL"},
        {R"("argv":"a")", "argv: has to be an array of texts without NUL"},
        {R"("argv":["a"],"interpreter":"sh")", "interpreter: argv runs without one"},
        {R"("command":"a","interpreter":"")", "interpreter: is empty"},
        {R"("command":"a","working_directory":"b")", "working_directory: has to be an absolute"},
        {R"("command":"a","environment":{"B":1})", "environment.B: has to be a text"},
        {R"("command":"a","environment":{"B=":""})", "environment.B=: a name is not empty"},
        {R"("command":"a","stdin":1)", "stdin: has to be a text"},
        {R"("command":"a","kill_grace":-1)", "kill_grace: has to be a number from 0 to 3600"},
        {R"("command":"a","kill_grace":3601)", "kill_grace: has to be a number from 0 to 3600"},
        {R"("command":"a","kill_grace":"5")", "kill_grace: has to be a number from 0 to 3600"},
        {R"("command":"a","success_codes":0)", "success_codes: has to be an array of exit codes"},
        {R"("command":"a","retry_codes":[256])", "retry_codes: has to be an array of exit codes"},
        {R"("command":"a","retry_codes":[-1])", "retry_codes: has to be an array of exit codes"},
        {R"("command":"a","retry_codes":[1.5])", "retry_codes: has to be an array of exit codes"},
        {R"("command":"a","permanent_codes":["1"])", "permanent_codes: has to be an array of"},
        {R"("command":"a","retry_codes":[0])", "exit code 0 stands in more than one of"},
        {R"("command":"a","commend":"b")", "commend: unknown"}};
    for (const auto& [members, expected] : cases) {
        const std::string found = mistakes_in("{" + std::string(members) + "}");
        EXPECT_NE(found.find(expected), std::string::npos) << members << " gave " << found;
    }
}

}  // namespace
}  // namespace jobhost::shell
