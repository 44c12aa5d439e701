#include "config/classify_tables.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/nearest.hpp"
#include "base/quote.hpp"

namespace jobhost::config {

namespace {

constexpr std::array<std::pair<std::string_view, core::ErrorCategory>, 4> kCategories{{
    {"business", core::ErrorCategory::Business},
    {"application", core::ErrorCategory::Application},
    {"network", core::ErrorCategory::Network},
    {"system", core::ErrorCategory::System},
}};
constexpr std::array<std::pair<std::string_view, core::RetryHint>, 3> kRetries{{
    {"retry", core::RetryHint::Retryable},
    {"permanent", core::RetryHint::Permanent},
    {"default", core::RetryHint::Default},
}};

constexpr std::int64_t kHighestCode = std::numeric_limits<std::uint32_t>::max();

/// What the host itself says of an attempt is not for rules.
constexpr std::string_view kOfTheHost = "host.";

struct Codes {
    std::int64_t first;
    std::int64_t last;
};

std::optional<std::int64_t> code_from(std::string_view text) {
    std::int64_t code = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && code >= 0 && code <= kHighestCode ? std::optional(code) : std::nullopt;
}

/// "404", "400-499", "500-"
std::optional<Codes> codes_from(std::string_view text) {
    const auto dash = text.find('-');
    const auto first = code_from(text.substr(0, dash));
    if (dash == std::string_view::npos) {
        return first ? std::optional(Codes{*first, *first}) : std::nullopt;
    }
    const auto end = text.substr(dash + 1);
    const auto last = end.empty() ? std::optional(kHighestCode) : code_from(end);
    return first && last && *first <= *last ? std::optional(Codes{*first, *last}) : std::nullopt;
}

class ClassifyTable {
public:
    ClassifyTable(const Folders& folders, std::vector<Problem>& problems)
        : folders_(folders), problems_(problems) {}

    core::ClassifyRule read(const Table& table) {
        for (const auto& entry : table) {
            const auto row = std::ranges::find(kMembers, entry.key, &Member::name);
            if (row == kMembers.end()) {
                unknown(entry);
            } else if (!entry.value.broken) {
                Judge judge("classify." + entry.key, folders_, problems_);
                (this->*row->take)(judge, entry.value);
            }
        }
        return std::move(rule_);
    }

private:
    struct Member {
        std::string_view name;
        void (ClassifyTable::*take)(Judge& judge, const Value& value);
    };
    static const std::array<Member, 5> kMembers;

    void take_type(Judge& judge, const Value& value) {
        rule_.type = pattern(judge, value);
        if (rule_.type.starts_with(kOfTheHost)) {
            judge.refuse(value.place, "bad_value",
                         "must not begin with " + base::in_quotes(kOfTheHost),
                         "rules are for what runners report");
        }
    }
    void take_job_type(Judge& judge, const Value& value) { rule_.job_type = pattern(judge, value); }

    void take_code(Judge& judge, const Value& value) {
        const auto* number = std::get_if<std::int64_t>(&value.data);
        const auto* text = value.text();
        const auto codes = codes_from(number != nullptr ? std::to_string(*number)
                                      : text != nullptr ? *text
                                                        : "");
        if (!codes) {
            judge.refuse(value.place, "bad_value", "must be a code or a range of them",
                         "examples: 404, \"400-499\", \"500-\"");
            return;
        }
        rule_.first_code = codes->first;
        rule_.last_code = codes->last;
    }

    void take_category(Judge& judge, const Value& value) {
        rule_.category = judge.choice(value, kCategories);
    }
    void take_retry(Judge& judge, const Value& value) {
        rule_.retry = judge.choice(value, kRetries);
    }

    static std::string pattern(Judge& judge, const Value& value) {
        auto text = judge.text(value);
        if (text && text->find('*') < text->size() - 1) {
            judge.refuse(value.place, "bad_value", "may have a * at its end only");
            text.reset();
        }
        return text.value_or("");
    }

    void unknown(const Entry& entry) {
        std::array<std::string_view, kMembers.size()> names{};
        std::ranges::transform(kMembers, names.begin(), &Member::name);
        problems_.push_back({entry.place, "unknown_key",
                             "unknown key " + base::in_quotes(entry.key) + " in [[classify]]",
                             base::did_you_mean(entry.key, names)});
    }

    const Folders& folders_;
    std::vector<Problem>& problems_;
    core::ClassifyRule rule_;
};

const std::array<ClassifyTable::Member, 5> ClassifyTable::kMembers{{
    {"type", &ClassifyTable::take_type},
    {"code", &ClassifyTable::take_code},
    {"job_type", &ClassifyTable::take_job_type},
    {"category", &ClassifyTable::take_category},
    {"retry", &ClassifyTable::take_retry},
}};

/// A rule that matches everything would hide all that follow, and one that says nothing is none.
void check_whole(const Value& item, std::vector<Problem>& problems) {
    const auto has = [&](std::string_view name) {
        return std::ranges::find(*item.table(), name, &Entry::key) != item.table()->end();
    };
    if (!has("category") && !has("retry")) {
        problems.push_back({item.place, "missing_key", "this [[classify]] says nothing",
                            "add category = \"WORD\" or retry = \"WORD\""});
    }
    const auto narrows = [&](std::string_view name) {
        const auto entry = std::ranges::find(*item.table(), name, &Entry::key);
        const auto* text = entry == item.table()->end() ? nullptr : entry->value.text();
        return entry != item.table()->end() && (text == nullptr || *text != "*");
    };
    if (!narrows("type") && !has("code") && !narrows("job_type")) {
        problems.push_back({item.place, "missing_key", "this [[classify]] matches every failure",
                            "add type = \"FAILURE\", code = NUMBER or job_type = \"TYPE\""});
    }
}

}  // namespace

std::vector<core::ClassifyRule> read_classify_tables(const Entry& entry,
                                                     bool complete,
                                                     const Folders& folders,
                                                     std::vector<Problem>& problems) {
    std::vector<core::ClassifyRule> rules;
    for (const auto& item : tables_of(entry, problems)) {
        rules.push_back(ClassifyTable(folders, problems).read(*item.table()));
        if (complete) {
            check_whole(item, problems);
        }
    }
    return rules;
}

}  // namespace jobhost::config
