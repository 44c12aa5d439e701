#include "cli/job_verbs.hpp"

#include <array>
#include <limits>

#include "cli/job_options.hpp"
#include "core/backfill.hpp"

namespace jobhost::cli {

namespace {

constexpr std::int64_t kMostInt = std::numeric_limits<int>::max();

constexpr std::array kNewJob{
    Positional{"TYPE", Arity::One, "what should run it: shell.run"},
    Positional{"NAME=VALUE", Arity::Any,
               "its arguments; a value is read as the type describes it, NAME:=JSON as JSON"},
};
constexpr std::array kOneJob{Positional{"ID", Arity::One, "the job: its id, or GROUP/NAME"}};
constexpr std::array kSomeJobs{
    Positional{"ID", Arity::OneOrMore, "the jobs, each its id, or GROUP/NAME"}};

constexpr std::array kWaitOptions{
    Option{"--timeout", "DURATION", Form::Duration, "wait no longer than this"},
};
constexpr std::array kBackfillOptions{
    Option{"--from", "TIME", Form::Instant, "the beginning of the period: 2026-03-01T12:00:00Z"},
    Option{"--to", "TIME", Form::Instant, "its end; both count"},
    Option{.name = "--limit",
           .value = "N",
           .form = Form::Count,
           .help = "refuse a period with more occurrences than this; 1000 when not given",
           .lowest = 1,
           .highest = core::kMostBackfilled},
    Option{"--include-unknown", "", Form::Flag,
           "also those of which nothing is known: removed since, or of another schedule"},
    Option{"--dry-run", "", Form::Flag, "only say how many there are"},
    Option{"--system", "", Form::Flag, "do it for a job of the system, too"},
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
             "jobhost job add shell.run --args @job.json --in 1h\n"
             "jobhost job add shell.run command='make backup' --name backup --cron '0 3 * * *'",
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
             "jobhost job show ID\njobhost job show default/backup",
             true,
             show_job},
        Verb{"job",
             "missed",
             "When a recurring job did not run, and why; the latest first.",
             kOneJob,
             {},
             "jobhost job missed ID",
             true,
             show_missed},
        Verb{"job", "backfill", "Run occurrences of the past that did not run, the earliest first.",
             kOneJob, kBackfillOptions,
             "jobhost job backfill ID --from 2026-03-01T00:00:00Z --to 2026-03-08T00:00:00Z "
             "--dry-run",
             true, backfill_job},
        Verb{"job", "wait", "Wait until jobs have ended; Ctrl-C leaves them running.", kSomeJobs,
             kWaitOptions, "jobhost job wait ID --timeout 10m", true, wait_for_jobs},
        Verb{"job", "output", "What an attempt printed, each stream to its own.", kOneJob,
             kOutputOptions, "jobhost job output ID --follow", true, show_output},
    };
    return verbs_of_jobs;
}

}  // namespace jobhost::cli
