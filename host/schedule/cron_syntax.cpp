#include "schedule/cron_syntax.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <span>
#include <string>

#include "base/quote.hpp"

namespace jobhost::schedule {

namespace {

using Kind = CronMember::Kind;

constexpr int kSunday = 7;           // as a number that may be written for it besides 0
constexpr int kMostBeforeLast = 30;  // of `L-n`
constexpr int kMostNth = 5;          // of `day#n`

constexpr std::array<std::string_view, kCronUnits> kNouns{
    "second", "minute", "hour", "day of the month", "month", "weekday", "year"};
constexpr std::array<std::string_view, 12> kMonths{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                   "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdays{"SUN", "MON", "TUE", "WED",
                                                    "THU", "FRI", "SAT"};

struct Macro {
    std::string_view name;
    std::string_view fields;
};
constexpr std::array kMacros{
    Macro{"@yearly", "0 0 1 1 *"},         Macro{"@annually", "0 0 1 1 *"},
    Macro{"@monthly", "0 0 1 * *"},        Macro{"@weekly", "0 0 * * 0"},
    Macro{"@daily", "0 0 * * *"},          Macro{"@midnight", "0 0 * * *"},
    Macro{"@hourly", "0 * * * *"},         Macro{"@every_minute", "* * * * *"},
    Macro{"@every_second", "* * * * * *"},
};

bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
char upper(char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}
bool is_letter(char letter) { return upper(letter) >= 'A' && upper(letter) <= 'Z'; }
bool same_word(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, {}, upper, upper);
}

std::span<const std::string_view> names_of(CronUnit unit) {
    if (unit == CronUnit::Month) {
        return kMonths;
    }
    return unit == CronUnit::DayOfWeek ? std::span<const std::string_view>(kWeekdays)
                                       : std::span<const std::string_view>();
}

std::string range_text(int lowest, int highest) {
    return "from " + std::to_string(lowest) + " to " + std::to_string(highest);
}

/// "a minute from 0 to 59"
std::string value_of(CronUnit unit) {
    const auto limits = limits_of(unit);
    const auto noun = kNouns[static_cast<std::size_t>(unit)];
    auto text = (unit == CronUnit::Hour ? "an " : "a ") + std::string(noun) + " " +
                range_text(limits.lowest, unit == CronUnit::DayOfWeek ? kSunday : limits.highest);
    if (const auto names = names_of(unit); !names.empty()) {
        text += " or " + std::string(names.front()) + " to " + std::string(names.back());
    }
    return text;
}

struct Mistake {
    std::size_t at;  ///< in the text, from 0
    std::string what;
};

base::Error to_error(std::string_view text, const Mistake& mistake) {
    return {base::ErrorKind::Invalid, "invalid_cron",
            base::in_quotes(text) + " is not a cron expression: column " +
                std::to_string(mistake.at + 1) + ": " + mistake.what};
}

/// A part of the text, between blanks.
struct Word {
    std::size_t begin;
    std::size_t end;
};

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t begin = at;
        while (at < text.size() && !is_blank(text[at])) {
            ++at;
        }
        if (at > begin) {
            words.push_back({begin, at});
        }
        ++at;
    }
    return words;
}

/// Reads one field from the left. Every step says whether it could be done; the first that could
/// not leaves the mistake.
class FieldReader {
public:
    FieldReader(std::string_view text, Word word, CronUnit unit)
        : text_(text.substr(0, word.end)), at_(word.begin), unit_(unit) {}

    bool read(CronField& field) {
        do {
            CronMember member;
            if (!read_member(member, field.members.empty())) {
                return false;
            }
            field.members.push_back(member);
        } while (take(','));
        if (at_ < text_.size()) {
            return expected(follows_);
        }
        if (lone_ && field.members.size() > 1) {
            mistake_ = {*lone_, std::string(1, text_[*lone_]) +
                                    " cannot stand in a list; expected one day alone"};
            return false;
        }
        return true;
    }

    [[nodiscard]] const Mistake& mistake() const { return mistake_; }

private:
    [[nodiscard]] bool is_day_field() const {
        return unit_ == CronUnit::DayOfMonth || unit_ == CronUnit::DayOfWeek;
    }
    [[nodiscard]] bool at(char letter) const {
        return at_ < text_.size() && upper(text_[at_]) == letter;
    }
    bool take(char letter) {
        const bool found = at(letter);
        at_ += found ? 1 : 0;
        return found;
    }

    /// The letters or digits that stand at `from`, else the one character.
    [[nodiscard]] std::string found_at(std::size_t from) const {
        if (from >= text_.size()) {
            return "the field ends";
        }
        auto end = from;
        const auto of_kind = is_digit(text_[from]) ? is_digit : is_letter;
        while (end < text_.size() && of_kind(text_[end])) {
            ++end;
        }
        return "found " + base::in_quotes(text_.substr(from, std::max<std::size_t>(end - from, 1)));
    }
    bool expected_at(std::size_t from, std::string_view what) {
        mistake_ = {from, found_at(from) + "; expected " + std::string(what)};
        return false;
    }
    bool expected(std::string_view what) { return expected_at(at_, what); }

    bool read_number(int lowest, int highest, const std::string& what, int& value) {
        constexpr int kTooLarge = 1'000'000;
        const auto begin = at_;
        value = 0;
        while (at_ < text_.size() && is_digit(text_[at_])) {
            value = std::min(value * 10 + (text_[at_] - '0'), kTooLarge);
            ++at_;
        }
        return (at_ > begin && value >= lowest && value <= highest) || expected_at(begin, what);
    }

    /// A name of three letters; behind that of a weekday an L may follow.
    bool read_name(int& value) {
        auto end = at_;
        while (end < text_.size() && is_letter(text_[end])) {
            ++end;
        }
        const auto word = text_.substr(at_, end - at_);
        const auto names = names_of(unit_);
        const auto found = std::ranges::find_if(
            names, [&](auto name) { return same_word(name, word.substr(0, name.size())); });
        const auto rest = found == names.end() ? word : word.substr(found->size());
        if (!rest.empty() && !(unit_ == CronUnit::DayOfWeek && word.size() == 4 &&
                               found != names.end() && same_word(rest, "L"))) {
            return expected(value_of(unit_));
        }
        at_ += found->size();
        value = limits_of(unit_).lowest + static_cast<int>(found - names.begin());
        return true;
    }

    bool read_value(int& value) {
        if (at_ < text_.size() && is_letter(text_[at_])) {
            return read_name(value);
        }
        const auto limits = limits_of(unit_);
        return read_number(limits.lowest, unit_ == CronUnit::DayOfWeek ? kSunday : limits.highest,
                           value_of(unit_), value);
    }

    bool read_member(CronMember& member, bool first) {
        follows_ = "a comma or a blank";
        const auto limits = limits_of(unit_);
        if (take('*')) {
            member = {.kind = Kind::All, .first = limits.lowest, .last = limits.highest};
            return read_step(member);
        }
        if (first && is_day_field() && take('?')) {
            follows_ = "a blank behind ?";
            member = {.kind = Kind::All, .first = limits.lowest, .last = limits.highest};
            return at_ == text_.size() || expected(follows_);
        }
        if (unit_ == CronUnit::DayOfMonth && take('L')) {
            return read_last_day(member);
        }
        if (!read_value(member.first)) {
            return false;
        }
        member.kind = Kind::Value;
        member.last = member.first;
        return is_day_field() && (at('W') || at('L') || at('#')) ? read_special_day(member)
                                                                 : read_range(member);
    }

    /// Behind the L of a day of the month: nothing, -n, W or -nW.
    bool read_last_day(CronMember& member) {
        member.kind = Kind::LastDay;
        if (take('-') &&
            !read_number(0, kMostBeforeLast,
                         "how many days before the last, " + range_text(0, kMostBeforeLast),
                         member.first)) {
            return false;
        }
        if (at('W')) {
            take_lone();
            member.kind = Kind::NearestToLast;
        }
        return true;
    }

    bool read_special_day(CronMember& member) {
        if (unit_ == CronUnit::DayOfMonth && at('W')) {
            take_lone();
            member.kind = Kind::NearestTo;
            return true;
        }
        if (unit_ == CronUnit::DayOfMonth || at('W')) {
            return expected(follows_);
        }
        member.first %= kSunday;
        if (take('L')) {
            member.kind = Kind::LastSuchWeekday;
            return true;
        }
        take_lone();
        member.kind = Kind::NthSuchWeekday;
        return read_number(1, kMostNth, "which of the month, " + range_text(1, kMostNth),
                           member.nth);
    }

    void take_lone() {
        lone_ = at_;
        ++at_;
    }

    bool read_range(CronMember& member) {
        if (take('-')) {
            member.kind = Kind::Range;
            const auto begin = at_;
            if (!read_value(member.last)) {
                return false;
            }
            if (unit_ == CronUnit::Year && member.last < member.first) {
                return expected_at(begin,
                                   "a year " + range_text(member.first, limits_of(unit_).highest));
            }
        } else if (at('/')) {
            member.kind = Kind::From;
            member.last = limits_of(unit_).highest;
        }
        if (unit_ == CronUnit::DayOfWeek && member.first == kSunday) {
            member.first = 0;
            member.last %= kSunday;
        }
        return read_step(member);
    }

    bool read_step(CronMember& member) {
        if (!take('/')) {
            return true;
        }
        const int width = limits_of(unit_).width();
        return read_number(1, width, "a step " + range_text(1, width), member.step);
    }

    std::string_view text_;
    std::size_t at_;
    CronUnit unit_;
    std::string_view follows_;         ///< what may stand behind a member
    std::optional<std::size_t> lone_;  ///< where a W or # stands
    Mistake mistake_{};
};

std::optional<Mistake> strange_character(std::string_view text) {
    const auto strange = std::ranges::find_if(
        text, [](char letter) { return !is_blank(letter) && (letter <= ' ' || letter > '~'); });
    if (strange == text.end()) {
        return std::nullopt;
    }
    return Mistake{static_cast<std::size_t>(strange - text.begin()),
                   "found a character that is not printable ASCII; expected digits, names, "
                   "* ? , - / L W # and blanks"};
}

std::optional<Mistake> wrong_count(const std::vector<Word>& words) {
    constexpr std::size_t kFewest = 5;
    if (words.size() >= kFewest && words.size() <= kCronUnits) {
        return std::nullopt;
    }
    const std::string_view expected =
        "; expected 5 fields (minute hour day month weekday), 6 with the second first, or 7 with "
        "the year last";
    if (words.size() > kCronUnits) {
        return Mistake{words[kCronUnits].begin, "found an eighth field" + std::string(expected)};
    }
    const auto end = words.empty() ? 0 : words.back().end;
    return Mistake{end, "the expression ends after " + std::to_string(words.size()) +
                            (words.size() == 1 ? " field" : " fields") + std::string(expected)};
}

base::Result<CronSyntax> parse_fields(std::string_view text, const std::vector<Word>& words) {
    if (const auto mistake = wrong_count(words)) {
        return to_error(text, *mistake);
    }
    CronSyntax syntax;
    const auto zero = CronField{{{.kind = Kind::Value}}};
    const auto years = limits_of(CronUnit::Year);
    syntax.fields.front() = zero;
    syntax.fields.back() =
        CronField{{{.kind = Kind::All, .first = years.lowest, .last = years.highest}}};
    const std::size_t skipped = words.size() == 5 ? 1 : 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto& field = syntax.fields[i + skipped];
        field.members.clear();
        FieldReader reader(text, words[i], static_cast<CronUnit>(i + skipped));
        if (!reader.read(field)) {
            return to_error(text, reader.mistake());
        }
    }
    return syntax;
}

base::Result<CronSyntax> parse_macro(std::string_view text, const std::vector<Word>& words) {
    const auto [begin, end] = words.front();
    const auto name = text.substr(begin, end - begin);
    const auto macro =
        std::ranges::find_if(kMacros, [&](const Macro& one) { return same_word(one.name, name); });
    if (macro == kMacros.end()) {
        std::string list;
        for (const auto& one : kMacros) {
            list += (list.empty() ? "" : " ") + std::string(one.name);
        }
        return to_error(text,
                        {begin, "found " + base::in_quotes(name) + "; expected one of " + list});
    }
    if (words.size() > 1) {
        return to_error(text, {words[1].begin, "found a word behind " + std::string(macro->name) +
                                                   "; expected the end"});
    }
    return parse_fields(macro->fields, words_of(macro->fields));
}

}  // namespace

bool CronField::is_unrestricted() const {
    return members.size() == 1 && members.front().kind == Kind::All && members.front().step == 1;
}

bool CronField::is_fixed() const {
    return std::ranges::all_of(members,
                               [](const auto& member) { return member.kind == Kind::Value; });
}

base::Result<CronSyntax> CronSyntax::parse(std::string_view text) {
    if (const auto mistake = strange_character(text)) {
        return to_error(text, *mistake);
    }
    const auto words = words_of(text);
    const bool macro = !words.empty() && text[words.front().begin] == '@';
    return macro ? parse_macro(text, words) : parse_fields(text, words);
}

}  // namespace jobhost::schedule
