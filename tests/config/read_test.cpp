#include "config/read.hpp"

#include <gtest/gtest.h>

#include "config/workspace.hpp"

namespace jobhost::config {
namespace {

using testing::Workspace;
using namespace std::chrono_literals;

/// One mistake, and all that is printed about it.
struct Mistake {
    std::string_view name;
    std::string_view text;
    std::string_view printed;
};

class ReadMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(ReadMistake, IsPrintedWithItsPlace) {
    const Workspace workspace;
    EXPECT_EQ(workspace.mistakes(GetParam().text),
              std::string(GetParam().printed) + "\n1 mistake in the configuration\n");
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Each, ReadMistake, ::testing::Values(
Mistake{"UnknownKey", "[host]\nnam = \"x\"\n",
R"(error[unknown_key]: unknown key "nam" in [host]
 --> jobhost.toml:2:1
  |
2 | nam = "x"
  | ^^^ did you mean "name"?
)"},
Mistake{"UnknownKeyWithoutLikeness", "[host]\nfrobnicate = 1\n",
R"(error[unknown_key]: unknown key "frobnicate" in [host]
 --> jobhost.toml:2:1
  |
2 | frobnicate = 1
  | ^^^^^^^^^^
)"},
Mistake{"KeyOfAnotherSection", "[http]\ntimezone = \"UTC\"\n",
R"(error[unknown_key]: unknown key "timezone" in [http]
 --> jobhost.toml:2:1
  |
2 | timezone = "UTC"
  | ^^^^^^^^ it stands in [host]
)"},
Mistake{"UnknownSection", "[htp]\nlisten = []\n",
R"(error[unknown_section]: unknown section [htp]
 --> jobhost.toml:1:2
  |
1 | [htp]
  |  ^^^ did you mean "http"?
)"},
Mistake{"SectionThatIsAValue", "run = 8\n",
R"(error[wrong_type]: run must be a section, and this is an integer
 --> jobhost.toml:1:1
  |
1 | run = 8
  | ^^^ write [run]
)"},
Mistake{"TextInsteadOfNumber", "[run]\nworkers = \"many\"\n",
R"(error[wrong_type]: run.workers must be a whole number, and this is a string
 --> jobhost.toml:2:11
  |
2 | workers = "many"
  |           ^^^^^^
)"},
Mistake{"NumberInQuotes", "[run]\nworkers = \"8\"\n",
R"(error[wrong_type]: run.workers must be a whole number, and this is a string
 --> jobhost.toml:2:11
  |
2 | workers = "8"
  |           ^^^ leave the quotes out
)"},
Mistake{"NumberOutOfRange", "[run]\nworkers = 1025\n",
R"(error[out_of_range]: run.workers must be 1 to 1024, and 1025 is not
 --> jobhost.toml:2:11
  |
2 | workers = 1025
  |           ^^^^
)"},
Mistake{"NumberInsteadOfText", "[host]\nname = 1\n",
R"(error[wrong_type]: host.name must be a string, and this is an integer
 --> jobhost.toml:2:8
  |
2 | name = 1
  |        ^
)"},
Mistake{"EmptyText", "[host]\nname = \"\"\n",
R"(error[bad_value]: host.name must be one line that is not empty
 --> jobhost.toml:2:8
  |
2 | name = ""
  |        ^^
)"},
Mistake{"NumberInsteadOfDuration", "[host]\ndrain_timeout = 30\n",
R"(error[wrong_type]: host.drain_timeout must be a duration like "30s", and this is an integer
 --> jobhost.toml:2:17
  |
2 | drain_timeout = 30
  |                 ^^
)"},
Mistake{"NoDuration", "[host]\n\tdrain_timeout = \"30x\"\n",
"error[bad_value]: host.drain_timeout must be a duration, and \"30x\" is not\n"
" --> jobhost.toml:2:18\n"
"  |\n"
"2 | \tdrain_timeout = \"30x\"\n"
"  | \t                ^^^^^ examples: \"250ms\", \"30s\", \"1h30m\"\n"},
Mistake{"DurationOutOfRange", "[http]\nkeep_alive = \"10m\"\n",
R"(error[out_of_range]: http.keep_alive must be 100ms to 5m, and 10m is not
 --> jobhost.toml:2:14
  |
2 | keep_alive = "10m"
  |              ^^^^^
)"},
Mistake{"NoSize", "[http]\nmax_body = \"1 megabyte\"\n",
R"(error[bad_value]: http.max_body must be a size, and "1 megabyte" is not
 --> jobhost.toml:2:12
  |
2 | max_body = "1 megabyte"
  |            ^^^^^^^^^^^^ examples: "64KiB", "1MiB"
)"},
Mistake{"SizeOutOfRange", "[http]\nmax_body = \"1GiB\"\n",
R"(error[out_of_range]: http.max_body must be 1KiB to 64MiB, and 1GiB is not
 --> jobhost.toml:2:12
  |
2 | max_body = "1GiB"
  |            ^^^^^^
)"},
Mistake{"BooleanInsteadOfSize", "[http]\nmax_body = true\n",
R"(error[wrong_type]: http.max_body must be a size like "1MiB", and this is true or false
 --> jobhost.toml:2:12
  |
2 | max_body = true
  |            ^^^^
)"},
Mistake{"UnknownZone", "[host]\ntimezone = \"Europe/Berln\"\n",
R"(error[unknown_zone]: host.timezone must be the name of a time zone
 --> jobhost.toml:2:12
  |
2 | timezone = "Europe/Berln"
  |            ^^^^^^^^^^^^^^ "Europe/Berln" is not a time zone; write it like Europe/Berlin; did you mean "Europe/Berlin"?
)"},
Mistake{"LabelsThatAreNoTable", "[host]\nlabels = [\"a\"]\n",
R"(error[wrong_type]: host.labels must be a table like { site = "fra1" }, and this is a list
 --> jobhost.toml:2:10
  |
2 | labels = ["a"]
  |          ^^^^^
)"},
Mistake{"LabelThatIsNoText", "[host]\nlabels = { gpu = 1 }\n",
R"(error[wrong_type]: host.labels must be a string, and this is an integer
 --> jobhost.toml:2:18
  |
2 | labels = { gpu = 1 }
  |                  ^
)"},
Mistake{"LabelNameWithASpace", "[host]\nlabels = { \"ä b\" = \"1\" }\n",
R"(error[bad_value]: host.labels holds the name "ä b"
 --> jobhost.toml:2:12
  |
2 | labels = { "ä b" = "1" }
  |            ^^^^^ 1 to 63 letters, digits or _ - . /
)"},
Mistake{"LabelThatIsTheHostsName", "[host]\nlabels = { \"jobhost.node\" = \"x\" }\n",
R"(error[bad_value]: host.labels holds the name "jobhost.node"
 --> jobhost.toml:2:12
  |
2 | labels = { "jobhost.node" = "x" }
  |            ^^^^^^^^^^^^^^ every host carries its own name in it; leave it out
)"},
Mistake{"OtherDatabase", "[storage]\nurl = \"postgresql://db/jobs\"\n",
R"(error[not_in_this_version]: storage.url names PostgreSQL; this version has the embedded store only
 --> jobhost.toml:2:7
  |
2 | url = "postgresql://db/jobs"
  |       ^^^^^^^^^^^^^^^^^^^^^^ use "sqlite:FILE"
)"},
Mistake{"UnknownDatabase", "[storage]\nurl = \"mysql://db\"\n",
R"(error[bad_value]: storage.url must be "sqlite:FILE"
 --> jobhost.toml:2:7
  |
2 | url = "mysql://db"
  |       ^^^^^^^^^^^^
)"},
Mistake{"DatabaseWithoutFile", "[storage]\nurl = \"sqlite:\"\n",
R"(error[bad_value]: storage.url must be "sqlite:FILE"
 --> jobhost.toml:2:7
  |
2 | url = "sqlite:"
  |       ^^^^^^^^^
)"},
Mistake{"FolderThatIsNotThere", "[plugins]\ndirs = [\"/nonexistent/plugins\"]\n",
R"(error[no_such_folder]: plugins.dirs names a folder that is not there: "/nonexistent/plugins"
 --> jobhost.toml:2:9
  |
2 | dirs = ["/nonexistent/plugins"]
  |         ^^^^^^^^^^^^^^^^^^^^^^
)"},
Mistake{"ListOfSomethingElse", "[http]\nhosts = [\"a\", 2]\n",
R"(error[wrong_type]: http.hosts must be a string, and this is an integer
 --> jobhost.toml:2:15
  |
2 | hosts = ["a", 2]
  |               ^
)"},
Mistake{"HostThatIsAnAddressOfAPage", "[http]\nhosts = [\"https://jobs.example.org\"]\n",
R"(error[bad_value]: http.hosts holds "https://jobs.example.org"
 --> jobhost.toml:2:10
  |
2 | hosts = ["https://jobs.example.org"]
  |          ^^^^^^^^^^^^^^^^^^^^^^^^^^ write a name or an address, with or without a port: jobs.example.com:8443
)"},
Mistake{"NumberInsteadOfList", "[http]\nhosts = 2\n",
R"(error[wrong_type]: http.hosts must be a list of strings, and this is an integer
 --> jobhost.toml:2:9
  |
2 | hosts = 2
  |         ^
)"},
Mistake{"IsolationOfALaterVersion", "[plugins]\nisolation = \"child\"\n",
R"(error[not_in_this_version]: plugins.isolation must be "in_process": this version runs plugins in-process only
 --> jobhost.toml:2:13
  |
2 | isolation = "child"
  |             ^^^^^^^
)"},
Mistake{"PluginIsolationOfALaterVersion", "[[plugin]]\nid = \"a\"\nisolation = \"per_job\"\n",
R"(error[not_in_this_version]: plugin.isolation must be "in_process": this version runs plugins in-process only
 --> jobhost.toml:3:13
  |
3 | isolation = "per_job"
  |             ^^^^^^^^^
)"},
Mistake{"UnknownIsolation", "[plugins]\nisolation = \"in_proces\"\n",
R"(error[not_a_choice]: plugins.isolation must be "in_process", and "in_proces" is not
 --> jobhost.toml:2:13
  |
2 | isolation = "in_proces"
  |             ^^^^^^^^^^^ did you mean "in_process"?
)"},
Mistake{"PluginWithoutId", "[[plugin]]\nconfig = { a = 1 }\n",
R"(error[missing_key]: this [[plugin]] has no id
 --> jobhost.toml:1:1
  |
1 | [[plugin]]
  | ^^^^^^^^^^ add id = "NAME"
)"},
Mistake{"PluginTwice", "[[plugin]]\nid = \"a\"\n[[plugin]]\nid = \"a\"\n",
R"(error[duplicate]: plugin.id "a" has a table of its own already
 --> jobhost.toml:4:6
  |
4 | id = "a"
  |      ^^^ the other is in line 2
)"},
Mistake{"UnknownKeyOfAPlugin", "[[plugin]]\nid = \"a\"\nconfi = {}\n",
R"(error[unknown_key]: unknown key "confi" in [[plugin]]
 --> jobhost.toml:3:1
  |
3 | confi = {}
  | ^^^^^ did you mean "config"?
)"},
Mistake{"PluginConfigThatIsNoTable", "[[plugin]]\nid = \"a\"\nconfig = 1\n",
R"(error[wrong_type]: plugin.config must be a table, and this is an integer
 --> jobhost.toml:3:10
  |
3 | config = 1
  |          ^
)"},
Mistake{"PluginConfigWithInfinity", "[[plugin]]\nid = \"a\"\nconfig.deep = [{ x = inf }]\n",
R"(error[bad_value]: plugin.config must not hold inf or nan
 --> jobhost.toml:3:22
  |
3 | config.deep = [{ x = inf }]
  |                      ^^^
)"},
Mistake{"PluginAsOneTable", "[plugin]\nid = \"a\"\n",
R"(error[wrong_type]: plugin must be a list of tables, and this is a table
 --> jobhost.toml:1:2
  |
1 | [plugin]
  |  ^^^^^^ write [[plugin]]
)"},
Mistake{"RuleWithoutAWord", "[[classify]]\ntype = \"a.b\"\n",
R"(error[missing_key]: this [[classify]] says nothing
 --> jobhost.toml:1:1
  |
1 | [[classify]]
  | ^^^^^^^^^^^^ add category = "WORD" or retry = "WORD"
)"},
Mistake{"RuleForEverything", "[[classify]]\nretry = \"retry\"\n",
R"(error[missing_key]: this [[classify]] matches every failure
 --> jobhost.toml:1:1
  |
1 | [[classify]]
  | ^^^^^^^^^^^^ add type = "FAILURE", code = NUMBER or job_type = "TYPE"
)"},
Mistake{"UnknownKeyOfARule", "[[classify]]\ntype = \"a\"\ncategori = \"network\"\nretry = \"retry\"\n",
R"(error[unknown_key]: unknown key "categori" in [[classify]]
 --> jobhost.toml:3:1
  |
3 | categori = "network"
  | ^^^^^^^^ did you mean "category"?
)"},
Mistake{"UnknownCategory", "[[classify]]\ntype = \"a\"\ncategory = \"netwrk\"\n",
R"(error[not_a_choice]: classify.category must be one of "business", "application", "network", "system", and "netwrk" is not
 --> jobhost.toml:3:12
  |
3 | category = "netwrk"
  |            ^^^^^^^^ did you mean "network"?
)"},
Mistake{"UnknownRetry", "[[classify]]\ntype = \"a\"\nretry = \"never\"\n",
R"(error[not_a_choice]: classify.retry must be one of "retry", "permanent", "default", and "never" is not
 --> jobhost.toml:3:9
  |
3 | retry = "never"
  |         ^^^^^^^
)"},
Mistake{"RangeOfCodesBackwards", "[[classify]]\ncode = \"499-400\"\nretry = \"retry\"\n",
R"(error[bad_value]: classify.code must be a code or a range of them
 --> jobhost.toml:2:8
  |
2 | code = "499-400"
  |        ^^^^^^^^^ examples: 404, "400-499", "500-"
)"},
Mistake{"CodeThatIsNone", "[[classify]]\ncode = -1\nretry = \"retry\"\n",
R"(error[bad_value]: classify.code must be a code or a range of them
 --> jobhost.toml:2:8
  |
2 | code = -1
  |        ^^ examples: 404, "400-499", "500-"
)"},
Mistake{"StarInTheMiddle", "[[classify]]\ntype = \"a.*.b\"\nretry = \"retry\"\n",
R"(error[bad_value]: classify.type may have a * at its end only
 --> jobhost.toml:2:8
  |
2 | type = "a.*.b"
  |        ^^^^^^^
)"},
Mistake{"RuleForTheHost", "[[classify]]\ntype = \"host.timed_out\"\nretry = \"permanent\"\n",
R"(error[bad_value]: classify.type must not begin with "host."
 --> jobhost.toml:2:8
  |
2 | type = "host.timed_out"
  |        ^^^^^^^^^^^^^^^^ rules are for what runners report
)"},
Mistake{"ClassifyAsOneTable", "[classify]\ntype = \"a\"\n",
R"(error[wrong_type]: classify must be a list of tables, and this is a table
 --> jobhost.toml:1:2
  |
1 | [classify]
  |  ^^^^^^^^ write [[classify]]
)"},
Mistake{"FactorBelowOne", "[retry]\nfactor = 0.5\n",
R"(error[out_of_range]: retry.factor must be 1 to 1000
 --> jobhost.toml:2:10
  |
2 | factor = 0.5
  |          ^^^
)"},
Mistake{"FactorThatIsNoNumber", "[retry]\nfactor = \"much\"\n",
R"(error[wrong_type]: retry.factor must be a number, and this is a string
 --> jobhost.toml:2:10
  |
2 | factor = "much"
  |          ^^^^^^
)"},
Mistake{"FactorThatIsNoFiniteNumber", "[retry]\njitter = nan\n",
R"(error[out_of_range]: retry.jitter must be 0 to 1
 --> jobhost.toml:2:10
  |
2 | jitter = nan
  |          ^^^
)"},
Mistake{"NeitherTrueNorFalse", "[retention]\nenabled = \"yes\"\n",
R"(error[wrong_type]: retention.enabled must be true or false, and this is a string
 --> jobhost.toml:2:11
  |
2 | enabled = "yes"
  |           ^^^^^
)"},
Mistake{"AgeOfNothing", "[retention]\noutput = \"0s\"\n",
R"(error[out_of_range]: retention.output must be 1s to 36500d, and 0s is not
 --> jobhost.toml:2:10
  |
2 | output = "0s"
  |          ^^^^
)"},
Mistake{"NoAddress", "[http]\nlisten = [\"somewhere:80\"]\n",
R"(error[bad_value]: http.listen holds "somewhere:80"
 --> jobhost.toml:2:11
  |
2 | listen = ["somewhere:80"]
  |           ^^^^^^^^^^^^^^ the part before the port must be an IP address or localhost
)"},
Mistake{"NoAddressAtAll", "[probes]\nlisten = []\n",
R"(error[bad_value]: probes.listen must name at least one address
 --> jobhost.toml:2:10
  |
2 | listen = []
  |          ^^
)"},
Mistake{"OpenToOthersWithoutTokens", "[http]\nlisten = [\"127.0.0.1:1\", \"0.0.0.0:7460\"]\n",
R"(error[unsafe]: http.listen opens 0.0.0.0:7460 to other machines while auth.mode is "none"
 --> jobhost.toml:2:26
  |
2 | listen = ["127.0.0.1:1", "0.0.0.0:7460"]
  |                          ^^^^^^^^^^^^^^ listen on 127.0.0.1
)"},
Mistake{"SameAddressTwice", "[http]\nlisten = [\"127.0.0.1:9\", \"localhost:9\"]\n",
R"(error[duplicate]: http.listen uses localhost:9, which http.listen uses already
 --> jobhost.toml:2:26
  |
2 | listen = ["127.0.0.1:9", "localhost:9"]
  |                          ^^^^^^^^^^^^^ take another port
)"},
Mistake{"ProbesOnTheAddressOfTheApi", "[probes]\nlisten = \"127.0.0.1:7460\"\n",
R"(error[duplicate]: probes.listen uses 127.0.0.1:7460, which http.listen uses already
 --> jobhost.toml:2:10
  |
2 | listen = "127.0.0.1:7460"
  |          ^^^^^^^^^^^^^^^^ take another port
)"},
Mistake{"AuthOfALaterVersion", "[auth]\nmode = \"token\"\n",
R"(error[not_in_this_version]: auth.mode must be "none": this version has no tokens yet
 --> jobhost.toml:2:8
  |
2 | mode = "token"
  |        ^^^^^^^
)"},
Mistake{"UnknownLevel", "[log]\nlevel = \"inf\"\n",
R"(error[not_a_choice]: log.level must be one of "trace", "debug", "info", "warn", "error", and "inf" is not
 --> jobhost.toml:2:9
  |
2 | level = "inf"
  |         ^^^^^ did you mean "info"?
)"},
Mistake{"UnknownTarget", "[log]\ntarget = \"journald\"\n",
R"(error[bad_value]: log.target must be "stderr" or "file:PATH"
 --> jobhost.toml:2:10
  |
2 | target = "journald"
  |          ^^^^^^^^^^
)"},
Mistake{"DateInsteadOfText", "[host]\nname = 2026-01-01\n",
R"(error[wrong_type]: host.name must be a string, and this is a date
 --> jobhost.toml:2:8
  |
2 | name = 2026-01-01
  |        ^^^^^^^^^^
)"},
Mistake{"FractionInsteadOfNumber", "[run]\nworkers = 1.5\n",
R"(error[wrong_type]: run.workers must be a whole number, and this is a number
 --> jobhost.toml:2:11
  |
2 | workers = 1.5
  |           ^^^
)"},
Mistake{"VariableThatIsNotSet", "[log]\ntarget = \"${env:NOT_SET}\"\n",
R"(error[substitution]: the environment variable "NOT_SET" is not set
 --> jobhost.toml:2:10
  |
2 | target = "${env:NOT_SET}"
  |          ^^^^^^^^^^^^^^^^ set it, or give a default: ${env:NAME:-default}
)"},
Mistake{"Syntax", "[run]\nworkers = = 8\n",
R"(error[syntax]: this is no value; text needs quotes
 --> jobhost.toml:2:11
  |
2 | workers = = 8
  |           ^
)"},
Mistake{"HeaderThatIsNoName", "[run]\nworkers = 1\n[.a]\n",
R"(error[syntax]: this line cannot be read; a name is letters, digits, _ and -
 --> jobhost.toml:3:1
  |
3 | [.a]
  | ^
)"},
Mistake{"StringThatIsNotClosed", "[host]\nname = \"x\n",
R"(error[syntax]: a string is not closed on its line, or holds a control character
 --> jobhost.toml:2:10
  |
2 | name = "x
  |          ^
)"},
Mistake{"SameKeyTwice", "[run]\nworkers = 1\nworkers = 2\n",
R"(error[syntax]: cannot redefine existing integer 'workers'
 --> jobhost.toml:3:11
  |
3 | workers = 2
  |           ^
)"}),
[](const auto& test) { return std::string(test.param.name); });
// clang-format on

TEST(Read, AnEmptyFileGivesTheDefaults) {
    const Workspace workspace;
    const auto config = workspace.read("");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->file, workspace.folder() / "jobhost.toml");
    EXPECT_EQ(config->host.name, "machine");
    EXPECT_EQ(config->host.data_dir, workspace.folder() / "data");
    EXPECT_EQ(config->host.timezone, "UTC");
    EXPECT_EQ(config->host.drain_timeout, 30s);
    EXPECT_EQ(config->sqlite_file, workspace.folder() / "data/jobhost.db");
    EXPECT_EQ(config->run.workers, 8);
    EXPECT_EQ(config->plugins.stage_dir, workspace.folder() / "data/plugins");
    ASSERT_EQ(config->http.listen.size(), 1U);
    EXPECT_EQ(config->http.listen[0].port, 7460);
    ASSERT_EQ(config->http.probes_listen.size(), 1U);
    EXPECT_EQ(config->http.probes_listen[0].port, 7461);
    EXPECT_EQ(config->log.target, "stderr");
}

TEST(Read, EverySettingReachesItsOption) {
    const Workspace workspace;
    workspace.make_folder("plug");
    const auto config = workspace.read(R"(
        [host]
        name = "batch"
        data_dir = "d"
        timezone = "Europe/Berlin"
        labels = { site = "fra1" }
        drain_timeout = "1m"
        [storage]
        url = "sqlite:other.db"
        [run]
        workers = 3
        max_waiting = 4
        cancel_grace = "5s"
        [retry]
        base = "2s"
        factor = 1
        cap = "5m"
        jitter = 0.25
        max_try_count = 7
        [[classify]]
        type = "http.*"
        code = 409
        retry = "retry"
        [[classify]]
        job_type = "shell.run"
        code = "64-"
        category = "business"
        [[classify]]
        code = "10-20"
        category = "network"
        retry = "default"
        [planner]
        grace = "30s"
        [retention]
        enabled = false
        every = "1m"
        completed = "1d"
        stopped = "2d"
        output = "3h"
        not_run = "4d"
        max_finished = 1000
        attempts_per_job = 5
        [check]
        enabled = false
        every = "1h"
        [plugins]
        dirs = ["plug"]
        isolation = "in_process"
        describe_timeout = "3s"
        [[plugin]]
        id = "shell"
        config = { path = "/bin", list = [1, 2.5, true], day = 2026-03-01 }
        [http]
        listen = ["[::1]:0", "127.0.0.2:0"]
        hosts = ["jobs.example.org"]
        threads = 5
        max_body = 4096
        keep_alive = "1s"
        [probes]
        listen = "127.0.0.1:9"
        [auth]
        mode = "none"
        [log]
        level = "warn"
        format = "json"
        target = "file:host.log"
    )");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->host.name, "batch");
    EXPECT_EQ(config->host.data_dir, workspace.folder() / "d");
    EXPECT_EQ(config->host.timezone, "Europe/Berlin");
    EXPECT_EQ(config->host.labels, (core::LabelMap{{"site", "fra1"}}));
    EXPECT_EQ(config->host.drain_timeout, 1min);
    EXPECT_EQ(config->sqlite_file, workspace.folder() / "other.db");
    EXPECT_EQ(config->run.workers, 3);
    EXPECT_EQ(config->run.max_waiting, 4);
    EXPECT_EQ(config->run.cancel_grace, 5s);
    EXPECT_EQ(config->run.retry.base, 2s);
    EXPECT_EQ(config->run.retry.factor, 1);
    EXPECT_EQ(config->run.retry.cap, 5min);
    EXPECT_EQ(config->run.retry.jitter, 0.25);
    EXPECT_EQ(config->default_tries, 7);
    const std::vector<core::ClassifyRule> rules{{.type = "http.*",
                                                 .first_code = 409,
                                                 .last_code = 409,
                                                 .retry = core::RetryHint::Retryable},
                                                {.job_type = "shell.run",
                                                 .first_code = 64,
                                                 .last_code = 4'294'967'295,
                                                 .category = core::ErrorCategory::Business},
                                                {.first_code = 10,
                                                 .last_code = 20,
                                                 .category = core::ErrorCategory::Network,
                                                 .retry = core::RetryHint::Default}};
    EXPECT_EQ(config->run.classify, rules);
    EXPECT_EQ(config->planner.grace, 30s);
    EXPECT_FALSE(config->retention.enabled);
    EXPECT_EQ(config->retention.every, 1min);
    EXPECT_EQ(config->retention.completed, 24h);
    EXPECT_EQ(config->retention.stopped, 48h);
    EXPECT_EQ(config->retention.output, 3h);
    EXPECT_EQ(config->retention.not_run, 96h);
    EXPECT_EQ(config->retention.max_finished, 1000);
    EXPECT_EQ(config->retention.attempts_per_job, 5);
    EXPECT_FALSE(config->check.enabled);
    EXPECT_EQ(config->check.every, 1h);
    EXPECT_EQ(config->plugins.dirs,
              std::vector<std::filesystem::path>{workspace.folder() / "plug"});
    EXPECT_EQ(config->plugins.describe_timeout, 3s);
    ASSERT_EQ(config->plugins.plugins.size(), 1U);
    EXPECT_EQ(config->plugins.plugins[0].id, "shell");
    EXPECT_EQ(config->plugins.plugins[0].config_json,
              R"({"path":"/bin","list":[1,2.5,true],"day":"2026-03-01"})");
    ASSERT_EQ(config->http.listen.size(), 2U);
    EXPECT_EQ(config->http.listen[0].host, "::1");
    EXPECT_EQ(config->http.listen[1].host, "127.0.0.2");
    EXPECT_EQ(config->http.hosts, std::vector<std::string>{"jobs.example.org"});
    EXPECT_EQ(config->http.threads, 5);
    EXPECT_EQ(config->http.max_body, 4096U);
    EXPECT_EQ(config->http.keep_alive, 1s);
    EXPECT_EQ(config->http.probes_listen[0].port, 9);
    EXPECT_EQ(config->log.level, base::LogLevel::Warn);
    EXPECT_EQ(config->log.format, base::LogFormat::Json);
    EXPECT_EQ(config->log.target, "file:" + (workspace.folder() / "host.log").string());
}

TEST(Read, NumbersAndTruthsMayComeFromOutside) {
    Workspace workspace;
    workspace.environment = {{"JOBHOST_RETRY__FACTOR", "2.5"},
                             {"JOBHOST_RETENTION__ENABLED", "false"}};
    workspace.sets = {"retry.jitter=0", "check.enabled=true"};
    const auto config = workspace.read("");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->run.retry.factor, 2.5);
    EXPECT_EQ(config->run.retry.jitter, 0);
    EXPECT_FALSE(config->retention.enabled);
    EXPECT_TRUE(config->check.enabled);

    workspace.sets = {"retry.jitter=x"};
    EXPECT_FALSE(workspace.read(""));
    workspace.sets = {"check.enabled=1"};
    EXPECT_FALSE(workspace.read(""));
}

TEST(Read, AllMistakesAreListedInTheOrderOfTheFile) {
    Workspace workspace;
    workspace.environment["JOBHOST_RUN__WORKERS"] = "no";
    workspace.sets = {"run.max_waiting=0"};
    const auto config = workspace.read(
        "[log]\nlevel = 1\n[run]\nworkrs = 1\nworkers = 0\n[[plugin]]\n[nonsense]\n");
    ASSERT_FALSE(config);
    std::vector<std::string> places;
    for (const auto& field : config.error().fields) {
        places.push_back(field.path + " " + field.code);
    }
    EXPECT_EQ(places, (std::vector<std::string>{
                          "jobhost.toml:2:9 wrong_type", "jobhost.toml:4:1 unknown_key",
                          "jobhost.toml:5:11 out_of_range", "jobhost.toml:6:1 missing_key",
                          "jobhost.toml:7:2 unknown_section", "--set run.max_waiting out_of_range",
                          "JOBHOST_RUN__WORKERS wrong_type"}));
    EXPECT_TRUE(config.error().message.ends_with("7 mistakes in the configuration\n"));
    EXPECT_EQ(config.error().code, "config_invalid");
}

TEST(Read, MistakesOfOtherSectionsAreFoundDespiteASyntaxMistake) {
    const Workspace workspace;
    const auto config = workspace.read(
        "[run]\nworkers = 0\nmax_waiting = oops\n[log]\nlevel = \"inf\"\nformat = \"x\n"
        "[http]\nthreads = 1\n");
    ASSERT_FALSE(config);
    std::vector<std::string> places;
    for (const auto& field : config.error().fields) {
        places.push_back(field.path + " " + field.code);
    }
    EXPECT_EQ(places, (std::vector<std::string>{
                          "jobhost.toml:2:11 out_of_range", "jobhost.toml:3:15 syntax",
                          "jobhost.toml:5:9 not_a_choice", "jobhost.toml:6:12 syntax",
                          "jobhost.toml:8:11 out_of_range"}));
}

TEST(Read, AMissingIdIsNotReportedWhenTheTableWasCutOffByASyntaxMistake) {
    const Workspace workspace;
    const auto config = workspace.read("[[plugin]]\nid = oops\n");
    ASSERT_FALSE(config);
    ASSERT_EQ(config.error().fields.size(), 1U);
    EXPECT_EQ(config.error().fields[0].code, "syntax");
}

TEST(Read, AtMostFiftyMistakesArePrintedAndAllAreCounted) {
    const Workspace workspace;
    std::string text = "[run]\n";
    for (int i = 0; i < 60; ++i) {
        text += "unknown" + std::to_string(i) + " = 1\n";
    }
    const auto config = workspace.read(text);
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().fields.size(), 60U);
    EXPECT_NE(config.error().message.find("\"unknown49\""), std::string::npos);
    EXPECT_EQ(config.error().message.find("\"unknown50\""), std::string::npos);
    EXPECT_TRUE(config.error().message.ends_with("60 mistakes in the configuration\n"));
}

TEST(Read, AMissingFileIsNamed) {
    const Workspace workspace;
    const auto config = workspace.read_named("nowhere.toml");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().message,
              "error[file_missing]: there is no such file\n  --> nowhere.toml\n\n"
              "1 mistake in the configuration\n");
    EXPECT_EQ(config.error().fields[0].path, "nowhere.toml");
}

TEST(Read, AFolderIsNoConfiguration) {
    const Workspace workspace;
    workspace.make_folder("conf.d");
    const auto config = workspace.read_named("conf.d");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().fields[0].code, "file_unreadable");
    EXPECT_EQ(config.error().fields[0].message, "this is a directory, not a file");
}

TEST(Read, BytesThatAreNoTextAreRefused) {
    const Workspace workspace;
    EXPECT_EQ(workspace.read("# \xff\n").error().fields[0].code, "file_not_text");
    EXPECT_EQ(workspace.read(std::string_view("# \0\n", 4)).error().fields[0].code,
              "file_not_text");
}

TEST(Read, AFileThatIsTooLargeIsRefused) {
    const Workspace workspace;
    const auto config = workspace.read(std::string(kLargestConfig + 1, '#'));
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().fields[0].code, "file_too_large");
    EXPECT_EQ(config.error().fields[0].message, "the file is larger than 256 KiB");
}

TEST(Read, AControlCharacterNeverReachesTheTerminal) {
    const Workspace workspace;
    const auto printed = workspace.mistakes("[host]\nname = \"\x1b[31m\"\nx = '\xc2\x9b'\n");
    EXPECT_EQ(printed.find('\x1b'), std::string::npos);
    EXPECT_EQ(printed.find("\xc2\x9b"), std::string::npos);
    EXPECT_NE(printed.find("2 | name = \"?[31m\""), std::string::npos) << printed;
}

TEST(Read, ALongLineIsShownRoundTheMistake) {
    const Workspace workspace;
    const auto printed = workspace.mistakes("[http]\nhosts = [" + std::string(300, ' ') + "1]\n");
    EXPECT_NE(
        printed.find("\n2 | …" + std::string(48, ' ') + "1]\n  | " + std::string(49, ' ') + "^\n"),
        std::string::npos)
        << printed;
}

TEST(Read, WindowsLineEndsAreFine) {
    const Workspace workspace;
    const auto config = workspace.read("[run]\r\nworkers = 2\r\n");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->run.workers, 2);
    EXPECT_NE(workspace.mistakes("[run]\r\nworkers = 0\r\n").find("2 | workers = 0\n"),
              std::string::npos);
}

TEST(Read, ANameWithEndlessDotsIsRefused) {
    const Workspace workspace;
    std::string name = "a";
    for (int i = 0; i < 50'000; ++i) {
        name += ".a";
    }
    for (const auto& text : {name + " = 1\n", "[" + name + "]\n", "x = { " + name + " = 1 }\n"}) {
        const auto config = workspace.read(text);
        ASSERT_FALSE(config);
        EXPECT_EQ(config.error().fields[0].code, "syntax");
    }
    EXPECT_TRUE(workspace.read("# " + std::string(1000, '.') + "\n"));
}

TEST(Read, EndlessNestingIsRefused) {
    const Workspace workspace;
    const auto config = workspace.read("a = " + std::string(100'000, '['));
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().fields[0].code, "syntax");
}

TEST(Read, TheServiceManagersFolderIsTheDefaultDataFolder) {
    Workspace workspace;
    workspace.environment["STATE_DIRECTORY"] = "/var/lib/jobhost:/var/lib/other";
    EXPECT_EQ(workspace.read("")->host.data_dir, "/var/lib/jobhost");
    EXPECT_EQ(workspace.read("[host]\ndata_dir = \"/d\"\n")->host.data_dir, "/d");
    workspace.environment["STATE_DIRECTORY"] = "";
    EXPECT_EQ(workspace.read("")->host.data_dir, workspace.folder() / "data");
}

TEST(Read, TheProgramsOwnPluginsAreTheDefault) {
    const Workspace workspace;
    EXPECT_TRUE(workspace.read("")->plugins.dirs.empty());
    workspace.make_folder("plugins");
    EXPECT_EQ(workspace.read("")->plugins.dirs,
              std::vector<std::filesystem::path>{workspace.folder() / "plugins"});
    workspace.make_folder("lib/jobhost/plugins");
    EXPECT_EQ(workspace.read("")->plugins.dirs,
              std::vector<std::filesystem::path>{workspace.folder() / "lib/jobhost/plugins"});
    EXPECT_TRUE(workspace.read("[plugins]\ndirs = []\n")->plugins.dirs.empty());
}

}  // namespace
}  // namespace jobhost::config
