#include "cli/job_options.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>
#include <vector>

#include "core/job.hpp"
#include "core/recurrence.hpp"
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

std::span<const std::string_view> cron_days_names() {
    using core::CronDays;
    static const auto names = names_of(std::array{CronDays::Either, CronDays::Both});
    return names;
}

std::span<const std::string_view> misfire_names() {
    using core::Misfire;
    static const auto names =
        names_of(std::array{Misfire::RunLatest, Misfire::RunAll, Misfire::Skip});
    return names;
}

std::span<const std::string_view> overlap_names() {
    using core::Overlap;
    static const auto names = names_of(
        std::array{Overlap::Skip, Overlap::BufferOne, Overlap::CancelOther, Overlap::Allow});
    return names;
}

std::span<const std::string_view> status_names() {
    using core::Status;
    static const auto names =
        names_of(std::array{Status::Queuing, Status::Running, Status::FailedRetry, Status::Paused,
                            Status::Stopped, Status::Completed});
    return names;
}

constexpr std::array kName{
    Option{"--name", "NAME", Form::Text, "unique in its group, ended jobs included"},
    Option{"--group", "GROUP", Form::Text, "\"default\" when not given"},
};

/// What can be said of a job when it is made and changed later.
std::span<const Option> changeable() {
    static const std::array options{
        Option{"--args", "JSON", Form::Text,
               "all arguments as one JSON object; @FILE reads a file, - standard input"},
        Option{.name = "--priority",
               .value = "WORD",
               .form = Form::Choice,
               .help = "who goes first: low, below_normal, normal, above_normal, high",
               .words = priority_names()},
        Option{"--description", "TEXT", Form::Text, "for people"},
        Option{"--begin-time", "TIME", Form::Instant, "not before: 2026-03-01T12:00:00Z"},
        Option{"--in", "DURATION", Form::Duration, "not before this long from here: 10m"},
        Option{"--end-time", "TIME", Form::Instant, "do not begin after this"},
        Option{"--timeout", "DURATION", Form::Duration, "the time limit of each attempt"},
        Option{.name = "--max-try-count",
               .value = "N",
               .form = Form::Count,
               .help = "how often it may fail; 0 has no limit",
               .highest = kMostInt},
        Option{
            "--retry", "NAME=VALUE", Form::Pair,
            "the delays between tries: base=10s, factor=2, cap=1h, jitter=0.1; may be given again",
            true},
        Option{"--label", "NAME=VALUE", Form::Pair,
               "what the host that runs it must carry; may be given again", true},
        Option{"--node", "NAME", Form::Text, "only the host of this name runs it"},
    };
    return options;
}

/// When a recurring job runs.
std::span<const Option> recurrence() {
    static const std::array options{
        Option{"--cron", "EXPR", Form::Text, "run again and again: \"0 3 * * *\" is daily at 3:00"},
        Option{.name = "--cron-days",
               .value = "WORD",
               .form = Form::Choice,
               .help = "day of month and weekday: either fits (usual), or both must",
               .words = cron_days_names()},
        Option{"--time-zone", "ZONE", Form::Text, "whose clock; that of the host when not given"},
        Option{"--interval", "DURATION", Form::Duration, "run again after so long"},
        Option{.name = "--max-count",
               .value = "N",
               .form = Form::Count,
               .help = "run so often at most; 0 has no limit",
               .highest = kMostInt},
        Option{.name = "--misfire",
               .value = "WORD",
               .form = Form::Choice,
               .help = "runs that were missed: run_latest (usual), run_all, skip",
               .words = misfire_names()},
        Option{.name = "--misfire-limit",
               .value = "N",
               .form = Form::Count,
               .help = "of run_all: the latest so many",
               .lowest = 1,
               .highest = kLongestPage},
        Option{"--catch-up", "DURATION", Form::Duration, "what was missed longer ago never runs"},
        Option{.name = "--overlap",
               .value = "WORD",
               .form = Form::Choice,
               .help = "while one still runs: skip (usual), buffer_one, cancel_other, allow",
               .words = overlap_names()},
        Option{"--lock-timeout", "DURATION", Form::Duration,
               "above 0: never two runs at once, those by hand included"},
        Option{"--jitter", "DURATION", Form::Duration, "start each run up to so much later"},
        Option{.name = "--occurrence-tries",
               .value = "N",
               .form = Form::Count,
               .help = "how often one run may fail; 0 has no limit",
               .highest = kMostInt},
        Option{"--calendar", "NAME", Form::Text,
               "nothing runs when this calendar of the host says so; may be given again", true},
    };
    return options;
}

constexpr std::array kOfNew{
    Option{"--unique-key", "TEXT", Form::Text,
           "what other programs call it; the job that has it already is the answer"},
    Option{"--creator", "NAME", Form::Text, "who asks for it; you when not given"},
    Option{"--disabled", "", Form::Flag, "it never runs until it is enabled"},
    Option{"--allow-unknown-type", "", Form::Flag, "store it even when no host has the type yet"},
    Option{"--wait", "", Form::Flag, "wait for its end"},
    Option{"--wait-timeout", "DURATION", Form::Duration, "wait no longer than this"},
};
constexpr std::array kOfSystem{
    Option{"--system", "", Form::Flag, "change jobs of the system, too"},
};

std::vector<Option> all_of(std::initializer_list<std::span<const Option>> parts) {
    std::vector<Option> all;
    for (const auto part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

}  // namespace

std::span<const Option> add_options() {
    static const auto options = all_of({changeable(), recurrence(), kName, kOfNew});
    return options;
}

std::span<const Option> update_options() {
    static const auto options = all_of({changeable(), recurrence(), kOfSystem});
    return options;
}

std::span<const Option> copy_options() {
    static const auto options = all_of({kName, changeable(), recurrence()});
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
        Option{"--unique-key", "TEXT", Form::Text, "only the job that has this key"},
        Option{.name = "--limit",
               .value = "N",
               .form = Form::Count,
               .help = "at most so many",
               .lowest = 1,
               .highest = kLongestPage},
        Option{"--parent", "ID", Form::Text,
               "only jobs that were made for this one, an id or GROUP/NAME: the runs of a "
               "recurring job"},
        Option{"--cursor", "TEXT", Form::Text, "go on behind this place of an earlier list"},
        Option{"--all", "", Form::Flag, "every job, page after page"},
    };
    return options;
}

}  // namespace jobhost::cli
