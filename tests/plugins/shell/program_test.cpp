#include "program.hpp"

#include <gtest/gtest.h>

namespace jobhost::shell {
namespace {

using Words = std::vector<std::string>;

constexpr const char* kPath = "/usr/bin:/bin";

JobArguments job(decltype(JobArguments::work) work) {
    JobArguments arguments;
    arguments.work = std::move(work);
    return arguments;
}

Words words_of(const JobArguments& arguments) {
    const auto program = program_for(arguments, "/bin/sh", "/tmp/script", kPath);
    return program ? program->words : Words{"fault: " + program.fault().message};
}

TEST(Program, ACommandIsAnArgumentOfTheShell) {
    EXPECT_EQ(words_of(job(CommandText{"echo a; echo b"})),
              (Words{"/bin/sh", "-c", "echo a; echo b"}));
}

TEST(Program, ACommandIsNeverTakenForAnOption) {
    EXPECT_EQ(words_of(job(CommandText{"-e x"})), (Words{"/bin/sh", "-c", "\n-e x"}));
    EXPECT_EQ(words_of(job(CommandText{"+x"})), (Words{"/bin/sh", "-c", "\n+x"}));
    EXPECT_EQ(words_of(job(CommandText{""})), (Words{"/bin/sh", "-c", ""}));
}

TEST(Program, AScriptIsReadByTheShell) {
    EXPECT_EQ(words_of(job(ScriptText{"echo a"})), (Words{"/bin/sh", "/tmp/script"}));
}

TEST(Program, AScriptIsReadByTheInterpreterThatItNames) {
    EXPECT_EQ(words_of(job(ScriptText{"#!/usr/bin/env sh\n"})),
              (Words{"/usr/bin/env", "sh", "/tmp/script"}));
}

TEST(Program, TheInterpreterOfTheJobCountsMost) {
    JobArguments arguments = job(ScriptText{"#!/usr/bin/env sh\n"});
    arguments.interpreter = "/bin/cat";
    EXPECT_EQ(words_of(arguments), (Words{"/bin/cat", "/tmp/script"}));
}

TEST(Program, ACallIsLeftAlone) {
    EXPECT_EQ(words_of(job(ProgramCall{{"./program", "-c", "$x"}})),
              (Words{"./program", "-c", "$x"}));
}

TEST(Program, ANameIsLookedUpInTheAbsoluteFoldersOfThePath) {
    const auto found = program_for(job(ProgramCall{{"env"}}), "/bin/sh", "",
                                   "::bin:../usr/bin:/nowhere:/usr/bin:/bin");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->path, "/usr/bin/env");
    EXPECT_EQ(found->words, Words{"env"});
}

TEST(Program, ANameThatIsNowhereIsAFault) {
    for (const std::string_view path : {"", "/nowhere", "usr/bin", "/"}) {
        const auto missing = program_for(job(ProgramCall{{"env"}}), "/bin/sh", "", path);
        ASSERT_FALSE(missing) << path;
        EXPECT_EQ(missing.fault().type, "shell.program");
        EXPECT_EQ(missing.fault().retry, Retry::Useless);
    }
}

TEST(Program, AFolderIsNoProgram) {
    EXPECT_FALSE(program_for(job(ProgramCall{{"bin"}}), "/bin/sh", "", "/usr"));
}

TEST(Program, TheInterpreterLineIsCutAsTheKernelDoes) {
    EXPECT_EQ(interpreter_line("#!/bin/sh\necho"), Words{"/bin/sh"});
    EXPECT_EQ(interpreter_line("#! \t/bin/sh  -e -u \t\necho"), (Words{"/bin/sh", "-e -u"}));
    EXPECT_EQ(interpreter_line("#!/bin/sh"), Words{"/bin/sh"});
    for (const std::string_view none : {"", "#", "#!", "#!  \n/bin/sh", "echo #!/bin/sh"}) {
        EXPECT_EQ(interpreter_line(none), Words{}) << none;
    }
}

}  // namespace
}  // namespace jobhost::shell
