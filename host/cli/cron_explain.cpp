#include <array>
#include <cstdio>
#include <vector>

#include "base/json.hpp"
#include "cli/cron_question.hpp"
#include "cli/cron_verbs.hpp"
#include "schedule/clock_effect.hpp"
#include "schedule/cron_words.hpp"

namespace jobhost::cli {

namespace {

using schedule::ClockChange;
using schedule::ClockEffect;
using schedule::Wall;
using std::chrono::seconds;

constexpr int kFirings = 3;
constexpr int kChanges = 2;

std::string date_of(Wall wall) {
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(wall));
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
}

std::string time_of(Wall wall) {
    const std::chrono::hh_mm_ss time(wall - std::chrono::floor<std::chrono::days>(wall));
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(),
                  time.seconds().count() == 0 ? "%02d:%02d" : "%02d:%02d:%02d",
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

/// The time, with its date when that is another one.
std::string on_day(Wall wall, Wall day) {
    return (date_of(wall) == date_of(day) ? "" : date_of(wall) + " ") + time_of(wall);
}

Wall wall_of(base::Instant instant, const schedule::TimeZone& zone) {
    return Wall(std::chrono::floor<seconds>(instant).time_since_epoch() + zone.offset(instant));
}

std::string_view name_of(ClockEffect::Kind kind) {
    switch (kind) {
        case ClockEffect::Kind::None:
            return "none";
        case ClockEffect::Kind::Skipped:
            return "skipped";
        case ClockEffect::Kind::MadeUp:
            return "made_up";
        case ClockEffect::Kind::FirstPass:
            return "first_pass";
        case ClockEffect::Kind::BothPasses:
            return "both_passes";
    }
    return "none";
}

std::string unchanged(const ClockChange& change) {
    const Wall before(change.at.time_since_epoch() + change.before);
    const Wall after(change.at.time_since_epoch() + change.after);
    return "on " + date_of(before) + " the clock goes from " + time_of(before) + " to " +
           on_day(after, before) + ": no firing is touched";
}

/// Where it goes on after readings that were skipped.
std::string goes_on(const ClockChange& change, const CronQuestion& question, Wall day) {
    const auto next = question.cron.next(change.at - base::Duration(1), question.zone);
    return next ? "it goes on at " + on_day(wall_of(*next, question.zone), day)
                : std::string("nothing comes after");
}

std::string words_of(const ClockChange& change,
                     const ClockEffect& effect,
                     const CronQuestion& question) {
    const auto& first = effect.first;
    const bool one = first == effect.last;
    const auto what = "on " + date_of(first) + " " + time_of(first) +
                      (one ? "" : " to " + on_day(effect.last, first));
    const auto skipped = what + (one ? " is skipped: " : " are skipped: ");
    const auto twice = what + (one ? " comes twice: " : " come twice: ");
    switch (effect.kind) {
        case ClockEffect::Kind::None:
            return unchanged(change);
        case ClockEffect::Kind::Skipped:
            return skipped + goes_on(change, question, first);
        case ClockEffect::Kind::MadeUp:
            return skipped + (one ? "it runs at " : "it runs once, at ") +
                   on_day(Wall(change.at.time_since_epoch() + change.after), first);
        case ClockEffect::Kind::FirstPass:
            return twice +
                   (one ? "it runs once, in the first pass" : "each runs once, in the first pass");
        case ClockEffect::Kind::BothPasses:
            return twice +
                   (one ? "it runs twice in the repeated hour" : "each runs twice, in both passes");
    }
    return {};
}

struct Explanation {
    std::string words;
    std::vector<std::string> firings;
    base::JsonArray changes;
};

Explanation explain(const CronQuestion& question) {
    const auto& [cron, zone, from] = question;
    Explanation explanation{
        schedule::in_words(*schedule::CronSyntax::parse(cron.text()), cron.days()), {}, {}};
    auto at = cron.next(from, zone);
    for (int i = 0; i < kFirings && at; ++i) {
        explanation.firings.push_back(whole_seconds(*at, zone));
        at = cron.next(*at, zone);
    }
    auto change = zone.next_change(from);
    for (int i = 0; i < kChanges && change && !explanation.firings.empty(); ++i) {
        const auto effect = schedule::effect_of(*change, cron);
        explanation.changes.push_back(
            base::JsonObject{{"at", whole_seconds(change->at, zone)},
                             {"effect", name_of(effect.kind)},
                             {"words", words_of(*change, effect, question)}});
        change = zone.next_change(change->at);
    }
    return explanation;
}

void print(Console& console, const CronQuestion& question, const Explanation& explanation) {
    console.print_line(explanation.words);
    console.print_line("zone: " + question.zone.name());
    for (const auto& firing : explanation.firings) {
        console.print_line("next: " + firing);
    }
    if (!question.cron.can_fire()) {
        console.print_line("never: there is no such day");
    } else if (explanation.firings.empty()) {
        console.print_line("never again");
    }
    for (const auto& change : explanation.changes) {
        console.print_line(change.at("words").as_string());
    }
}

}  // namespace

ExitCode explain_cron(const Arguments& arguments, Session& session) {
    auto& console = session.console();
    const auto expression = expression_of(arguments, "cron explain");
    if (!expression) {
        return console.fail(expression.error());
    }
    const auto question = CronReader(arguments).read(*expression);
    if (!question) {
        return console.fail(question.error());
    }
    auto explanation = explain(*question);
    if (console.format() == Format::Table) {
        print(console, *question, explanation);
        return ExitCode::Done;
    }
    const auto& firings = explanation.firings;
    console.print_line(base::to_text(base::JsonObject{
        {"expression", question->cron.text()},
        {"days", question->cron.days() == schedule::Days::Both ? "both" : "either"},
        {"zone", question->zone.name()},
        {"words", explanation.words},
        {"next", base::JsonArray(firings.begin(), firings.end())},
        {"clock_changes", std::move(explanation.changes)}}));
    return ExitCode::Done;
}

}  // namespace jobhost::cli
