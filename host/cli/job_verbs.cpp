#include "cli/job_verbs.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "core/job.hpp"
#include "core/state.hpp"

namespace jobhost::cli {

namespace {

constexpr std::int64_t kLongestPage = 1000;
constexpr std::int64_t kMostInt = std::numeric_limits<int>::max();

/// The names of the values of an enum, from the room that knows them.
template <typename T, std::size_t N>
std::array<std::string_view, N> names_of(const std::array<T, N>& values) {
    std::array<std::string_view, N> names;
    std::ranges::transform(values, names.begin(), [](T value) { return core::name(value); });
    return names;
}

std::span<const std::string_view> priority_names() {
    using core::Priority;
    static const auto names =
        names_of(std::array{Priority::Low, Priority::BelowNormal, Priority::Normal,
                            Priority::AboveNormal, Priority::High});
    return names;
}

std::span<const std::string_view> status_names() {
    using core::Status;
    static const auto names =
        names_of(std::array{Status::Queuing, Status::Running, Status::FailedRetry, Status::Paused,
                            Status::Stopped, Status::Completed});
    return names;
}

constexpr std::array kNewJob{
    Positional{"TYPE", Arity::One, "what should run it: shell.run"},
    Positional{"NAME=VALUE", Arity::Any,
               "its arguments; a value is read as the type describes it, NAME:=JSON as JSON"},
};
constexpr std::array kOneJob{Positional{"ID", Arity::One, "the job"}};
constexpr std::array kSomeJobs{Positional{"ID", Arity::OneOrMore, "the jobs"}};

std::span<const Option> add_options() {
    static const std::array options{
        Option{"--args", "JSON", Form::Text,
               "all arguments as one JSON object; @FILE reads a file, - standard input"},
        Option{"--name", "NAME", Form::Text, "unique in its group, ended jobs included"},
        Option{"--group", "GROUP", Form::Text, "\"default\" when not given"},
        Option{.name = "--priority",
               .value = "WORD",
               .form = Form::Choice,
               .help = "who goes first: low, below_normal, normal, above_normal, high",
               .words = priority_names()},
        Option{"--description", "TEXT", Form::Text, "for people"},
        Option{"--begin-time", "TIME", Form::Instant, "not before: 2026-03-01T12:00:00Z"},
        Option{"--in", "DURATION", Form::Duration, "not before this long from here: 10m"},
        Option{"--timeout", "DURATION", Form::Duration, "the time limit of each attempt"},
        Option{.name = "--max-try-count",
               .value = "N",
               .form = Form::Count,
               .help = "how often it may fail; 0 has no limit",
               .highest = kMostInt},
        Option{"--label", "NAME=VALUE", Form::Pair,
               "what the host that runs it must carry; may be given again", true},
        Option{"--allow-unknown-type", "", Form::Flag,
               "store it even when no host has the type yet"},
        Option{"--wait", "", Form::Flag, "wait for its end"},
        Option{"--wait-timeout", "DURATION", Form::Duration, "wait no longer than this"},
    };
    return options;
}

std::span<const Option> list_options() {
    static const std::array options{
        Option{.name = "--status",
               .value = "WORD",
               .form = Form::Choice,
               .help = "only jobs that stand here",
               .words = status_names()},
        Option{"--type", "TYPE", Form::Text, "only jobs of this type"},
        Option{"--group", "GROUP", Form::Text, "only jobs of this group"},
        Option{"--name", "NAME", Form::Text, "only jobs of this name"},
        Option{.name = "--limit",
               .value = "N",
               .form = Form::Count,
               .help = "at most so many",
               .lowest = 1,
               .highest = kLongestPage},
        Option{"--cursor", "TEXT", Form::Text, "go on behind this place of an earlier list"},
        Option{"--all", "", Form::Flag, "every job, page after page"},
    };
    return options;
}

constexpr std::array kWaitOptions{
    Option{"--timeout", "DURATION", Form::Duration, "wait no longer than this"},
};
constexpr std::array kOutputOptions{
    Option{.name = "--attempt",
           .value = "N",
           .form = Form::Count,
           .help = "of this attempt; of the last when not given",
           .lowest = 1,
           .highest = kMostInt},
    Option{"--follow", "", Form::Flag, "go on until the job has ended"},
};

}  // namespace

std::span<const Verb> job_verbs() {
    static const std::array verbs_of_jobs{
        Verb{"job", "add", "Give a host a job; prints its id.", kNewJob, add_options(),
             "jobhost job add shell.run command='echo hello'\n"
             "jobhost job add shell.run command='make' --timeout 10m --wait\n"
             "jobhost job add shell.run --args @job.json --in 1h",
             true, add_job},
        Verb{"job",
             "list",
             "Jobs, the newest first.",
             {},
             list_options(),
             "jobhost job list --status running\njobhost job list --all --output json",
             true,
             list_jobs},
        Verb{"job",
             "show",
             "One job, with its attempts.",
             kOneJob,
             {},
             "jobhost job show ID",
             true,
             show_job},
        Verb{"job", "wait", "Wait until jobs have ended; Ctrl-C leaves them running.", kSomeJobs,
             kWaitOptions, "jobhost job wait ID --timeout 10m", true, wait_for_jobs},
        Verb{"job",
             "cancel",
             "Stop jobs that wait or run.",
             kSomeJobs,
             {},
             "jobhost job cancel ID",
             true,
             cancel_jobs},
        Verb{"job", "output", "What an attempt printed, each stream to its own.", kOneJob,
             kOutputOptions, "jobhost job output ID --follow", true, show_output},
    };
    return verbs_of_jobs;
}

}  // namespace jobhost::cli
