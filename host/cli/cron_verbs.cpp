#include "cli/cron_verbs.hpp"

#include <array>

namespace jobhost::cli {

namespace {

constexpr std::int64_t kMostFirings = 10'000;

constexpr std::array<std::string_view, 2> kDays{"either", "both"};

constexpr std::array kExpression{
    Positional{"EXPR", Arity::Any, "5, 6 or 7 fields or a macro, in quotes or as words"},
};

constexpr Option kZone{"--zone", "ZONE", Form::Text,
                       "by whose clock: Europe/Berlin; this machine's when not given"};
constexpr Option kFrom{"--from", "TIME", Form::Text,
                       "what is later than this; without an offset by the clock of the zone; now "
                       "when not given"};
constexpr Option kTogether{
    .name = "--days",
    .value = "WORD",
    .form = Form::Choice,
    .help = "a day that day of month or weekday names: either (the default) or both",
    .words = kDays};

constexpr std::array kExplainOptions{kZone, kFrom, kTogether};
constexpr std::array kNextOptions{
    kZone, kFrom,
    Option{.name = "--count",
           .value = "N",
           .form = Form::Count,
           .help = "so many; 1 when not given",
           .lowest = 1,
           .highest = kMostFirings},
    kTogether,
    Option{"--batch", "", Form::Flag,
           "answer lines of standard input, each EXPR<TAB>ZONE<TAB>TIME, one by one"}};

}  // namespace

std::span<const Verb> cron_verbs() {
    static constexpr std::array kVerbs{
        Verb{"cron", "next", "When a cron expression fires next; needs no host.", kExpression,
             kNextOptions,
             "jobhost cron next '0 9 * * MON-FRI' --zone Europe/Berlin --count 5\n"
             "jobhost cron next @monthly --from '2026-03-01 12:00'",
             false, next_of_cron},
        Verb{"cron", "explain",
             "A cron expression in words, and what the next two clock changes do to it.",
             kExpression, kExplainOptions, "jobhost cron explain '30 2 * * *' --zone Europe/Berlin",
             false, explain_cron},
    };
    return kVerbs;
}

}  // namespace jobhost::cli
