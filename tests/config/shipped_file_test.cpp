// The file that is shipped: every setting stands in it with its default, and reading it gives what
// reading nothing gives.
#include <fstream>
#include <random>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "config/keys.hpp"
#include "config/workspace.hpp"

namespace jobhost::config {
namespace {

using testing::Workspace;

std::string shipped_text() {
    std::ifstream file(JOBHOST_SHIPPED_CONFIG);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The lines from the header of a section to the next one.
std::string section_of(const std::string& text, std::string_view section) {
    const auto begin = text.find("\n[" + std::string(section) + "]\n");
    const auto end = text.find("\n[", begin + 2);
    return begin == std::string::npos ? "" : text.substr(begin, end - begin) + "\n";
}

TEST(ShippedFile, EverySettingStandsInItWithItsDefault) {
    const auto text = shipped_text();
    ASSERT_FALSE(text.empty());
    for (const auto& key : keys()) {
        const auto section = section_of(text, key.section);
        const auto line =
            "\n" + std::string(key.name) + " = " + std::string(key.default_text) + "\n";
        const auto commented = "\n#" + std::string(key.name) + " = ";
        EXPECT_NE(section.find(key.default_text.empty() ? commented : line), std::string::npos)
            << key.full_name() << " does not stand in the file as" << line;
    }
}

TEST(ShippedFile, NothingElseStandsInIt) {
    std::istringstream lines(shipped_text());
    std::string line;
    std::string section;
    const std::regex header(R"(^#?\[+([a-z]+)\]+$)");
    const std::regex setting(R"(^#?([a-z_]+) = .*$)");
    std::smatch match;
    while (std::getline(lines, line)) {
        if (std::regex_match(line, match, header)) {
            section = match[1];
        } else if (section != "plugin" && section != "classify" && section != "calendar" &&
                   section != "preset" && section != "job" &&
                   std::regex_match(line, match, setting)) {
            EXPECT_NE(find_key(section, match[1].str()), nullptr) << section << ": " << line;
        }
    }
}

TEST(ShippedFile, ItSaysWhatNothingSays) {
    const Workspace workspace;
    const auto shipped = workspace.read(shipped_text());
    const auto nothing = workspace.read("");
    ASSERT_TRUE(shipped) << shipped.error().message;
    EXPECT_EQ(shipped->host.name, nothing->host.name);
    EXPECT_EQ(shipped->host.data_dir, nothing->host.data_dir);
    EXPECT_EQ(shipped->host.timezone, nothing->host.timezone);
    EXPECT_EQ(shipped->host.labels, nothing->host.labels);
    EXPECT_EQ(shipped->host.drain_timeout, nothing->host.drain_timeout);
    EXPECT_EQ(shipped->sqlite_file, nothing->sqlite_file);
    EXPECT_EQ(shipped->run.workers, nothing->run.workers);
    EXPECT_EQ(shipped->run.max_waiting, nothing->run.max_waiting);
    EXPECT_EQ(shipped->run.cancel_grace, nothing->run.cancel_grace);
    EXPECT_EQ(shipped->run.retry.base, nothing->run.retry.base);
    EXPECT_EQ(shipped->run.retry.factor, nothing->run.retry.factor);
    EXPECT_EQ(shipped->run.retry.cap, nothing->run.retry.cap);
    EXPECT_EQ(shipped->run.retry.jitter, nothing->run.retry.jitter);
    EXPECT_EQ(shipped->default_tries, nothing->default_tries);
    EXPECT_TRUE(shipped->run.classify.empty());
    EXPECT_TRUE(shipped->calendars.names().empty());
    EXPECT_EQ(shipped->planner.grace, nothing->planner.grace);
    EXPECT_EQ(shipped->retention.enabled, nothing->retention.enabled);
    EXPECT_EQ(shipped->retention.every, nothing->retention.every);
    EXPECT_EQ(shipped->retention.completed, nothing->retention.completed);
    EXPECT_EQ(shipped->retention.stopped, nothing->retention.stopped);
    EXPECT_EQ(shipped->retention.output, nothing->retention.output);
    EXPECT_EQ(shipped->retention.not_run, nothing->retention.not_run);
    EXPECT_EQ(shipped->retention.max_finished, nothing->retention.max_finished);
    EXPECT_EQ(shipped->retention.attempts_per_job, nothing->retention.attempts_per_job);
    EXPECT_EQ(shipped->check.enabled, nothing->check.enabled);
    EXPECT_EQ(shipped->check.every, nothing->check.every);
    EXPECT_EQ(shipped->plugins.dirs, nothing->plugins.dirs);
    EXPECT_EQ(shipped->plugins.describe_timeout, nothing->plugins.describe_timeout);
    EXPECT_TRUE(shipped->plugins.plugins.empty());
    ASSERT_EQ(shipped->http.listen.size(), nothing->http.listen.size());
    EXPECT_EQ(shipped->http.listen[0].host, nothing->http.listen[0].host);
    EXPECT_EQ(shipped->http.listen[0].port, nothing->http.listen[0].port);
    EXPECT_EQ(shipped->http.probes_listen[0].port, nothing->http.probes_listen[0].port);
    EXPECT_EQ(shipped->http.hosts, nothing->http.hosts);
    EXPECT_EQ(shipped->http.threads, nothing->http.threads);
    EXPECT_EQ(shipped->http.max_body, nothing->http.max_body);
    EXPECT_EQ(shipped->http.keep_alive, nothing->http.keep_alive);
    EXPECT_EQ(shipped->log.level, nothing->log.level);
    EXPECT_EQ(shipped->log.format, nothing->log.format);
    EXPECT_EQ(shipped->log.target, nothing->log.target);
}

/// A text with a few bytes removed, doubled, changed or moved.
std::string mutated(std::string text, std::mt19937& random) {
    constexpr std::string_view kBytes = "\n\"'[]{}=.,#$\\ \t0-_aZ\x01\xc3\xff";
    const auto any = [&](std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
    };
    for (auto changes = 1 + any(8); changes > 0 && text.size() > 1; --changes) {
        const auto at = any(text.size());
        switch (any(4)) {
            case 0:
                text.erase(at, 1 + any(20));
                break;
            case 1:
                text.insert(at, 1 + any(5), kBytes[any(kBytes.size())]);
                break;
            case 2:
                text[at] = kBytes[any(kBytes.size())];
                break;
            default:
                text.insert(any(text.size()), text.substr(at, 1 + any(60)));
                break;
        }
    }
    return text;
}

TEST(ShippedFile, NoMutationOfItDoesHarm) {
    Workspace workspace;
    // Without the comments every change hits something.
    const auto text = std::regex_replace(shipped_text(), std::regex("\n# [^\n]*"), "");
    std::mt19937 random(20260301);
    int refused = 0;
    for (int i = 0; i < 2000; ++i) {
        const auto changed = mutated(text, random);
        const auto config = workspace.read(changed);
        if (config) {
            continue;
        }
        ++refused;
        ASSERT_FALSE(config.error().fields.empty()) << changed;
        for (const auto& field : config.error().fields) {
            ASSERT_TRUE(field.path.starts_with("jobhost.toml")) << field.path << "\n" << changed;
            ASSERT_FALSE(field.message.empty()) << changed;
        }
    }
    EXPECT_GT(refused, 1000);
    EXPECT_LT(refused, 2000);
}

}  // namespace
}  // namespace jobhost::config
