#include "cli/help.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "base/utf8.hpp"
#include "cli/verb.hpp"
#include "config/keys.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::cli {
namespace {

using Words = std::vector<std::string>;

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

Words words_of(const Verb& verb) {
    return verb.noun.empty() ? Words{std::string(verb.name)}
                             : Words{std::string(verb.noun), std::string(verb.name)};
}

TEST(Help, TheOverviewNamesEveryVerbAndExitCode) {
    const auto page = *help_page({});
    for (const auto& verb : verbs()) {
        EXPECT_TRUE(has(page, "  " + verb.full_name() + " ")) << verb.full_name();
    }
    for (const auto& [code, meaning] : exit_codes()) {
        EXPECT_TRUE(has(page, "  " + std::to_string(static_cast<int>(code)) + " "));
    }
}

TEST(Help, EveryVerbHasAPageWithExamplesAndOptions) {
    for (const auto& verb : verbs()) {
        const auto page = help_page(words_of(verb));
        ASSERT_TRUE(page) << verb.full_name();
        EXPECT_TRUE(has(*page, "  jobhost " + verb.full_name())) << *page;
        for (const auto& option : verb.options) {
            EXPECT_TRUE(has(*page, "  " + std::string(option.name))) << option.name;
        }
        EXPECT_EQ(has(*page, "--host URL"), verb.asks_host) << verb.full_name();
        EXPECT_TRUE(has(*page, "--output WORD"));
    }
}

TEST(Help, ANounListsItsVerbs) {
    const auto page = *help_page(Words{"job"});
    EXPECT_TRUE(has(page, "  job add "));
    EXPECT_FALSE(has(page, "plugin list"));
}

TEST(Help, TheSettingsAreThoseOfTheTable) {
    const auto page = *help_page(Words{"settings"});
    for (const auto& key : config::keys()) {
        EXPECT_TRUE(has(page, "  " + std::string(key.name))) << key.full_name();
    }
    EXPECT_TRUE(has(page, "1 to 1024"));
}

TEST(Help, LinesFitATerminal) {
    std::vector<Words> pages{{}, {"job"}, {"settings"}};
    for (const auto& verb : verbs()) {
        pages.push_back(words_of(verb));
    }
    for (const auto& words : pages) {
        std::istringstream lines(*help_page(words));
        std::string line;
        while (std::getline(lines, line)) {
            EXPECT_LE(base::count_characters(line), 100U) << line;
        }
    }
}

TEST(Help, AnUnknownPageIsAnsweredWithTheNearest) {
    EXPECT_EQ(help_page(Words{"job", "ad"}).error().message,
              "there is no help about \"job ad\"; did you mean \"job add\"?");
    EXPECT_EQ(help_page(Words{"xyzzy"}).error().message, "there is no help about \"xyzzy\"");
    EXPECT_EQ(exit_code_of(help_page(Words{"a", "b", "c"}).error()), ExitCode::WrongUse);
}

TEST(Help, TheHandbookNamesEveryVerbOptionAndExitCode) {
    const auto page = support::read_file(JOBHOST_CLI_PAGE);
    for (const auto& verb : verbs()) {
        EXPECT_TRUE(has(page, "jobhost " + verb.full_name())) << verb.full_name();
        for (const auto& option : verb.options) {
            EXPECT_TRUE(has(page, "`" + std::string(option.name))) << option.name;
        }
    }
    for (const auto& [code, meaning] : exit_codes()) {
        EXPECT_TRUE(has(page, "| " + std::to_string(static_cast<int>(code)) + " | " +
                                  std::string(meaning) + " |"))
            << static_cast<int>(code);
    }
}

}  // namespace
}  // namespace jobhost::cli
