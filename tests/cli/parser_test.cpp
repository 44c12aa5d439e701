#include "cli/parser.hpp"

#include <gtest/gtest.h>

namespace jobhost::cli {
namespace {

using Words = std::vector<std::string>;

Command command(const Words& words) {
    auto parsed = parse(words);
    EXPECT_TRUE(parsed) << parsed.error().message;
    return std::get<Command>(std::move(*parsed));
}

std::string refusal(const Words& words) {
    const auto parsed = parse(words);
    if (parsed) {
        return "(understood)";
    }
    EXPECT_EQ(exit_code_of(parsed.error()), ExitCode::WrongUse);
    return parsed.error().message;
}

Words help(const Words& words) {
    const auto parsed = parse(words);
    EXPECT_TRUE(parsed && std::holds_alternative<HelpWanted>(*parsed));
    return std::get<HelpWanted>(*parsed).words;
}

TEST(Parser, AVerbIsFoundWithItsArguments) {
    const auto found =
        command({"job", "add", "shell.run", "command=echo hi", "x:=1", "--name", "n"});
    EXPECT_EQ(found.verb->full_name(), "job add");
    EXPECT_EQ(found.arguments.text("TYPE"), "shell.run");
    EXPECT_EQ(found.arguments.texts("NAME=VALUE"), (Words{"command=echo hi", "x:=1"}));
    EXPECT_EQ(found.arguments.text("--name"), "n");
    EXPECT_FALSE(found.arguments.flag("--wait"));
    EXPECT_FALSE(found.arguments.text("--group"));
}

TEST(Parser, OptionsMayStandAnywhere) {
    const auto found = command({"--output", "json", "--host=http://h:1", "job", "add", "--wait",
                                "shell.run", "--in", "5m", "command=x"});
    EXPECT_EQ(found.arguments.text("--output"), "json");
    EXPECT_EQ(found.arguments.text("--host"), "http://h:1");
    EXPECT_TRUE(found.arguments.flag("--wait"));
    EXPECT_EQ(found.arguments.duration("--in"), std::chrono::minutes(5));
    EXPECT_EQ(found.arguments.text("TYPE"), "shell.run");
    EXPECT_EQ(found.arguments.texts("NAME=VALUE"), (Words{"command=x"}));
}

TEST(Parser, ARepeatedOptionTakesOneValueEach) {
    const auto found = command({"job", "add", "--label", "a=1", "t", "--label=b=2", "x=y"});
    EXPECT_EQ(found.arguments.texts("--label"), (Words{"a=1", "b=2"}));
    EXPECT_EQ(found.arguments.text("TYPE"), "t");
    EXPECT_EQ(found.arguments.texts("NAME=VALUE"), (Words{"x=y"}));
}

TEST(Parser, ArgumentsAreTakenAsTheyAre) {
    const Words values{"a=",      "b= x ", "c:=[]", "d:={}", "e:=[1,2]", "f=--wait",
                       "g=\"q\"", "h=ä",   "{}=1",  "i=a=b", "j=[]",     "k=,;"};
    Words words{"job", "add", "t"};
    words.insert(words.end(), values.begin(), values.end());
    EXPECT_EQ(command(words).arguments.texts("NAME=VALUE"), values);
}

TEST(Parser, EmptyAndOddValuesOfOptionsAreKept) {
    for (const std::string value : {"", " ", "{}", "[]", "a b", "-", "ä"}) {
        EXPECT_EQ(
            command({"job", "add", "t", "--description", value}).arguments.text("--description"),
            value);
    }
}

TEST(Parser, AnArgumentMayBeCalledLikeAVerb) {
    EXPECT_EQ(command({"job", "show", "list"}).arguments.text("ID"), "list");
    EXPECT_EQ(command({"job", "cancel", "job", "add"}).arguments.texts("ID"),
              (Words{"job", "add"}));
    EXPECT_EQ(command({"plugin", "describe", "serve"}).arguments.text("FILE"), "serve");
}

TEST(Parser, BehindTwoDashesEverythingIsAValue) {
    EXPECT_EQ(command({"job", "show", "--", "--help"}).arguments.text("ID"), "--help");
}

TEST(Parser, NumbersAndTimesAreJudged) {
    EXPECT_EQ(command({"job", "list", "--limit", "7"}).arguments.count("--limit"), 7);
    EXPECT_EQ(command({"job", "add", "t", "--begin-time", "2026-03-01T12:00:00+01:00"})
                  .arguments.instant("--begin-time"),
              *base::parse_instant("2026-03-01T11:00:00Z"));
    EXPECT_EQ(refusal({"job", "list", "--limit", "0"}),
              "--limit must be a whole number from 1 to 1000, and \"0\" is not");
    EXPECT_EQ(refusal({"job", "list", "--limit", "many"}),
              "--limit must be a whole number from 1 to 1000, and \"many\" is not");
    EXPECT_EQ(refusal({"job", "add", "t", "--in", "soon"}),
              "--in must be a duration like 30s or 1h30m, and \"soon\" is not");
    EXPECT_EQ(refusal({"job", "add", "t", "--begin-time", "tomorrow"}),
              "--begin-time must be a time like 2026-03-01T12:00:00Z, and \"tomorrow\" is not");
    EXPECT_EQ(refusal({"job", "add", "t", "--label", "x"}),
              "--label must be NAME=VALUE, and \"x\" is not");
    EXPECT_EQ(refusal({"job", "add", "t", "--label", ""}),
              "--label must be NAME=VALUE, and \"\" is not");
}

TEST(Parser, WordsOfAChoiceAreJudged) {
    EXPECT_EQ(refusal({"job", "list", "--status", "runing"}),
              "--status must be one of queuing, running, failed_retry, paused, stopped, completed, "
              "and \"runing\" is not; did you mean \"running\"?");
    EXPECT_EQ(refusal({"job", "list", "--output", "yaml"}),
              "--output must be one of table, json, and \"yaml\" is not");
}

TEST(Parser, AMistypedWordIsAnsweredWithTheNearest) {
    EXPECT_EQ(refusal({"jbo", "add"}), "there is no verb \"jbo\"; did you mean \"job\"?");
    EXPECT_EQ(refusal({"job", "ad", "t"}), "there is no job verb \"ad\"; did you mean \"add\"?");
    EXPECT_EQ(refusal({"serv"}), "there is no verb \"serv\"; did you mean \"serve\"?");
    EXPECT_EQ(refusal({"hlep"}), "there is no verb \"hlep\"; did you mean \"help\"?");
    EXPECT_EQ(refusal({"job", "list", "--stauts", "running"}),
              "there is no option \"--stauts\"; did you mean \"--status\"?");
    EXPECT_EQ(refusal({"job", "list", "--stauts=running"}),
              "there is no option \"--stauts\"; did you mean \"--status\"?");
}

TEST(Parser, AnOptionThatAnotherVerbCallsOtherwiseIsToldItsNameHere) {
    EXPECT_EQ(refusal({"job", "add", "t", "--zone", "UTC"}),
              "there is no option \"--zone\"; did you mean \"--time-zone\"?");
    EXPECT_EQ(refusal({"job", "update", "1", "--zone=UTC"}),
              "there is no option \"--zone\"; did you mean \"--time-zone\"?");
    EXPECT_EQ(refusal({"cron", "next", "@daily", "--time-zone", "UTC"}),
              "there is no option \"--time-zone\"; did you mean \"--zone\"?");
    EXPECT_EQ(refusal({"cron", "explain", "@daily", "--time-zone=UTC"}),
              "there is no option \"--time-zone\"; did you mean \"--zone\"?");
    EXPECT_EQ(refusal({"job", "list", "--zone", "UTC"}),
              "there is no option \"--zone\"; see jobhost help job list");
}

TEST(Parser, WithoutLikenessTheHelpIsNamed) {
    EXPECT_EQ(refusal({"xyzzy"}), "there is no verb \"xyzzy\"; see jobhost help");
    EXPECT_EQ(refusal({"job", "xyzzy"}), "there is no job verb \"xyzzy\"; see jobhost help job");
    EXPECT_EQ(refusal({"job", "list", "--xyzzy"}),
              "there is no option \"--xyzzy\"; see jobhost help job list");
}

TEST(Parser, ANounNeedsAVerb) {
    EXPECT_EQ(
        refusal({"job"}),
        "job needs a verb: add, list, show, missed, backfill, wait, output, start, trigger, pause, "
        "resume, stop, cancel, enable, disable, delete, copy, update");
    EXPECT_EQ(
        refusal({"job", "--output", "json"}),
        "job needs a verb: add, list, show, missed, backfill, wait, output, start, trigger, pause, "
        "resume, stop, cancel, enable, disable, delete, copy, update");
}

TEST(Parser, TooFewAndTooManyWordsAreRefused) {
    EXPECT_EQ(refusal({"job", "show"}), "ID is required; see jobhost help job show");
    EXPECT_EQ(refusal({"job", "wait"}), "ID is required; see jobhost help job wait");
    EXPECT_EQ(refusal({"job", "show", "a", "b"}),
              "\"b\" is one word too many for job show; see jobhost help job show");
    EXPECT_EQ(refusal({"version", "now"}),
              "\"now\" is one word too many for version; see jobhost help version");
}

TEST(Parser, AnOptionIsGivenOnceAndWithItsValue) {
    EXPECT_NE(refusal({"job", "list", "--limit"}), "(understood)");
    EXPECT_NE(refusal({"job", "list", "--limit", "1", "--limit", "2"}), "(understood)");
    EXPECT_EQ(refusal({"job", "add", "t", "--wait=5"}), "--wait is given once and takes no value");
    EXPECT_EQ(refusal({"--output"}), "there is no verb; see jobhost help");
}

TEST(Parser, HelpIsAskedForInManyWays) {
    EXPECT_EQ(help({"help"}), Words{});
    EXPECT_EQ(help({"--help"}), Words{});
    EXPECT_EQ(help({"-h"}), Words{});
    EXPECT_EQ(help({"help", "job", "add"}), (Words{"job", "add"}));
    EXPECT_EQ(help({"job", "--help"}), Words{"job"});
    EXPECT_EQ(help({"job", "add", "--help"}), (Words{"job", "add"}));
    EXPECT_EQ(help({"job", "add", "t", "-h"}), (Words{"job", "add"}));
    EXPECT_EQ(help({"--help", "job", "add"}), (Words{"job", "add"}));
    EXPECT_EQ(help({"serve", "--help"}), Words{"serve"});
}

TEST(Parser, VersionIsAVerbAndAnOption) {
    EXPECT_EQ(command({"version"}).verb->name, "version");
    const auto found = command({"--version", "--output", "json"});
    EXPECT_EQ(found.verb->name, "version");
    EXPECT_EQ(found.arguments.text("--output"), "json");
}

TEST(Parser, EveryVerbCanBeFoundAndTakesTheCommonOptions) {
    for (const auto& verb : verbs()) {
        EXPECT_EQ(find_verb(verb.noun, verb.name), &verb);
        Words words;
        if (!verb.noun.empty()) {
            words.emplace_back(verb.noun);
        }
        words.emplace_back(verb.name);
        for (const auto& positional : verb.positionals) {
            if (positional.arity != Arity::Any) {
                words.emplace_back("x");
            }
        }
        words.insert(words.end(), {"--output", "json"});
        if (verb.asks_host) {
            words.insert(words.end(), {"--host", "h:1"});
        }
        EXPECT_EQ(command(words).arguments.text("--output"), "json") << verb.full_name();
    }
}

TEST(Parser, VerbsThatAskNoHostTakeNone) {
    EXPECT_EQ(refusal({"check", "--host", "h:1"}),
              "there is no option \"--host\"; see jobhost help check");
}

}  // namespace
}  // namespace jobhost::cli
