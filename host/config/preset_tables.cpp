#include "config/preset_tables.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/nearest.hpp"
#include "base/quote.hpp"
#include "config/job_members.hpp"
#include "config/plugin_json.hpp"
#include "core/job_spec.hpp"

namespace jobhost::config {

namespace {

constexpr std::array<std::string_view, 3> kMembers{"name", "match", "set"};
constexpr std::array<std::string_view, 3> kMatches{"type", "group", "name"};
constexpr std::array<std::string_view, 7> kSettings{
    "priority", "node_name", "max_try_count", "cron", "interval", "max_count", "lock_timeout"};
constexpr std::array<std::string_view, 2> kDurations{"interval", "lock_timeout"};

const Entry* find(const Table& table, std::string_view key) {
    const auto found = std::ranges::find(table, key, &Entry::key);
    return found == table.end() ? nullptr : &*found;
}

class PresetTable {
public:
    explicit PresetTable(std::vector<Problem>& problems) : problems_(problems) {}

    core::Preset read(const Table& table) {
        refuse_unknown(table, kMembers, "[[preset]]");
        if (const auto* name = find(table, "name")) {
            preset_.name = text(name->value, "preset.name").value_or("");
        }
        if (const auto* match = table_at(table, "match")) {
            refuse_unknown(*match, kMatches, "match of [[preset]]");
            read_match(*match, "type", preset_.type);
            read_match(*match, "group", preset_.group);
            read_match(*match, "name", preset_.job_name);
        }
        if (const auto* settings = table_at(table, "set")) {
            refuse_unknown(*settings, kSettings, "set of [[preset]]");
            read_settings(*settings);
        }
        return std::move(preset_);
    }

private:
    template <std::size_t N>
    void refuse_unknown(const Table& table,
                        const std::array<std::string_view, N>& names,
                        const std::string& where) {
        for (const Entry& entry : table) {
            if (std::ranges::find(names, std::string_view(entry.key)) == names.end()) {
                problems_.push_back({entry.place, "unknown_key",
                                     "unknown key " + base::in_quotes(entry.key) + " in " + where,
                                     base::did_you_mean(entry.key, names)});
            }
        }
    }

    void wrong_type(const Value& value, const std::string& path, const std::string& expected) {
        if (!value.broken) {
            problems_.push_back(
                {value.place, "wrong_type",
                 path + " must be " + expected + ", and this is " + std::string(kind_name(value)),
                 ""});
        }
    }

    std::optional<std::string> text(const Value& value, const std::string& path) {
        if (value.text() == nullptr || value.text()->empty()) {
            wrong_type(value, path, "a text");
            return std::nullopt;
        }
        return *value.text();
    }

    const Table* table_at(const Table& table, std::string_view key) {
        const auto* entry = find(table, key);
        if (entry == nullptr) {
            return nullptr;
        }
        if (entry->value.table() == nullptr) {
            wrong_type(entry->value, "preset." + std::string(key), "a table");
        }
        return entry->value.table();
    }

    void read_match(const Table& table, std::string_view key, core::TextMatch& match) {
        const auto* entry = find(table, key);
        if (entry == nullptr || entry->value.broken) {
            return;
        }
        const std::string path = "preset.match." + std::string(key);
        const Value* pattern = &entry->value;
        if (const auto* form = entry->value.table()) {
            const auto* member = form->size() == 1 ? find(*form, "pattern") : nullptr;
            pattern = member == nullptr ? nullptr : &member->value;
        }
        if (pattern == nullptr || pattern->text() == nullptr) {
            wrong_type(entry->value, path, "a text, or { pattern = \"EXPRESSION\" }");
            return;
        }
        const bool is_word = pattern == &entry->value;
        auto read = is_word ? core::TextMatch::parse(*pattern->text())
                            : core::TextMatch::by_pattern(*pattern->text());
        if (read) {
            match = *std::move(read);
        } else {
            problems_.push_back(
                {pattern->place, "bad_value", path + (is_word ? " " : ": ") + read.error().message,
                 is_word ? R"(examples: "crm.sync", "crm.*", "*.sync", "*sync*")" : ""});
        }
    }

    /// As a request would name them, judged by what they would make of a job.
    void read_settings(Table settings) {
        const std::size_t before = problems_.size();
        std::erase_if(settings, [](const Entry& entry) {
            return entry.value.broken ||
                   std::ranges::find(kSettings, std::string_view(entry.key)) == kSettings.end();
        });
        durations_to_seconds(settings, kDurations, "preset.set.", problems_);
        if (const auto* number = find_unlimited(settings)) {
            problems_.push_back(
                {number->place, "bad_value", "preset.set must not hold inf or nan"});
        }
        const auto document = base::parse_json(json_text(settings));
        if (problems_.size() > before || !document) {
            return;
        }
        core::Mistakes mistakes;
        const core::JobDraft draft = core::read_draft(*document, mistakes);
        preset_.priority = draft.priority;
        preset_.node_name = draft.node_name;
        preset_.max_try_count = draft.max_try_count;
        preset_.cron = draft.cron;
        preset_.interval = draft.interval;
        preset_.max_count = draft.max_count;
        preset_.lock_timeout = draft.lock_timeout;
        if (!mistakes.empty()) {
            tell(std::move(mistakes).error("invalid", "the preset"), settings);
            return;
        }
        judge_on("period", settings);
        judge_on("persistent", settings);
    }

    void judge_on(const std::string& kind, const Table& settings) {
        core::JobDraft draft;
        draft.type = "any";
        draft.name = "any";
        draft.kind = kind;
        if (kind == "period") {
            draft.cron = "@daily";
        }
        core::apply(preset_, draft);
        if (const auto job = core::JobSpec::from(draft, core::Source::User); !job) {
            tell(job.error(), settings);
        }
    }

    /// One problem for each mistake, at the member that it is about, once.
    void tell(const base::Error& error, const Table& settings) {
        for (const base::FieldError& field : error.fields) {
            const auto* entry = find(settings, field.path);
            if (entry == nullptr) {
                continue;
            }
            const Problem problem{entry->value.place, field.code,
                                  "preset.set." + field.path + ": " + field.message, ""};
            const bool told = std::ranges::any_of(problems_, [&](const Problem& other) {
                return other.place == problem.place && other.message == problem.message;
            });
            if (!told) {
                problems_.push_back(problem);
            }
        }
    }

    std::vector<Problem>& problems_;
    core::Preset preset_;
};

void check_whole(const Value& item,
                 const core::Preset& preset,
                 const std::vector<core::Preset>& before,
                 std::vector<Problem>& problems) {
    if (find(*item.table(), "name") == nullptr) {
        problems.push_back({item.place, "missing_key", "this [[preset]] has no name",
                            "add name = \"NAME\": jobs tell by it what had a say about them"});
    } else if (std::ranges::find(before, preset.name, &core::Preset::name) != before.end()) {
        problems.push_back({item.place, "duplicate",
                            "there is a preset " + base::in_quotes(preset.name) + " already",
                            "take another name"});
    }
    const auto* set = find(*item.table(), "set");
    const Table* const settings = set == nullptr ? nullptr : set->value.table();
    if (set == nullptr || (settings != nullptr && settings->empty())) {
        problems.push_back({item.place, "missing_key", "this [[preset]] sets nothing",
                            "add set = { priority = \"low\" }, or what else it shall say"});
    }
}

}  // namespace

std::vector<core::Preset> read_preset_tables(const Entry& entry,
                                             bool complete,
                                             std::vector<Problem>& problems) {
    std::vector<core::Preset> presets;
    for (const auto& item : tables_of(entry, problems)) {
        const std::size_t before = problems.size();
        auto preset = PresetTable(problems).read(*item.table());
        if (complete) {
            check_whole(item, preset, presets, problems);
        }
        // A mistake of a preset is not told again for each job that it matches.
        if (problems.size() == before) {
            presets.push_back(std::move(preset));
        }
    }
    return presets;
}

}  // namespace jobhost::config
