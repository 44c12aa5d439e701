#include "config/job_tables.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/quote.hpp"
#include "config/job_members.hpp"
#include "config/plugin_json.hpp"

namespace jobhost::config {

namespace {

/// Members that a request gives in seconds and the file as `"30s"`.
constexpr std::array<std::string_view, 5> kDurations{"timeout", "interval", "catch_up",
                                                     "lock_timeout", "jitter"};
constexpr std::array<std::string_view, 2> kRetryDurations{"base", "cap"};

/// The first segment of a mistake's path: "labels" of "labels.site", "calendars" of "calendars[0]".
std::string member_of(const std::string& path) { return path.substr(0, path.find_first_of(".[")); }

class JobTables {
public:
    JobTables(bool complete, const core::JobDefaults& defaults, std::vector<Problem>& problems)
        : complete_(complete), defaults_(defaults), problems_(problems) {}

    void read(const Entry& entry) {
        for (const auto& item : tables_of(entry, problems_)) {
            read_one(*item.table(), item.place);
        }
    }

    std::vector<DeclaredJob> take() { return std::move(jobs_); }

private:
    void read_one(Table table, const Place& place) {
        const std::size_t before = problems_.size();
        for (Entry& entry : table) {
            to_request(entry);
        }
        durations_to_seconds(table, kDurations, "job.", problems_);
        if (problems_.size() == before) {
            refuse_unlimited(table);
        }
        const bool broken =
            std::ranges::any_of(table, [](const Entry& entry) { return entry.value.broken; });
        if (broken || problems_.size() > before) {
            return;
        }
        const auto spec = judged(table);
        if (!spec) {
            tell(spec.error(), table, place);
        } else if (!spec->name) {
            missing_name(place);
        } else {
            keep(*spec, place);
        }
    }

    /// Puts a value into the form of a request.
    void to_request(Entry& entry) {
        auto* table = std::get_if<Table>(&entry.value.data);
        if (table != nullptr && entry.key == "retry") {
            durations_to_seconds(*table, kRetryDurations, "job.retry.", problems_);
        }
    }

    /// JSON would make null of it, which is as if it were not there.
    void refuse_unlimited(const Table& table) {
        for (const Entry& entry : table) {
            const Table alone{entry};
            if (const auto* number = find_unlimited(alone)) {
                problems_.push_back(
                    {number->place, "bad_value", "job." + entry.key + " must not hold inf or nan"});
            }
        }
    }

    [[nodiscard]] base::Result<core::JobSpec> judged(const Table& table) const {
        const auto document = base::parse_json(json_text(table));
        if (!document) {
            return document.error();
        }
        return core::JobSpec::from_json(*document, core::Source::User, defaults_);
    }

    /// One problem for each mistake, at the member that it is about.
    void tell(const base::Error& error, const Table& table, const Place& place) {
        if (error.fields.empty()) {
            problems_.push_back({place, error.code, "this [[job]]: " + error.message});
        }
        for (const base::FieldError& field : error.fields) {
            const auto entry = std::ranges::find(table, member_of(field.path), &Entry::key);
            if (entry != table.end()) {
                const bool unknown = field.code == "unknown";
                problems_.push_back({unknown ? entry->place : entry->value.place, field.code,
                                     "job." + field.path + ": " + field.message});
            } else if (complete_) {
                tell_of_table(field, place);
            }
        }
    }

    /// A mistake about a member that the table does not have: it is missing, or a preset sets it.
    void tell_of_table(const base::FieldError& field, const Place& place) {
        if (field.code == "required") {
            problems_.push_back(
                {place, field.code, "this [[job]] lacks " + field.path + ": " + field.message});
        } else {
            problems_.push_back(
                {place, field.code,
                 "this [[job]] with its presets: " + field.path + ": " + field.message});
        }
    }

    void missing_name(const Place& place) {
        if (complete_) {
            problems_.push_back({place, "missing_key", "this [[job]] has no name",
                                 "add name = \"NAME\": by it the job is known again"});
        }
    }

    void keep(const core::JobSpec& spec, const Place& place) {
        const auto [first, is_new] = lines_.emplace(std::pair(spec.group, *spec.name), place.line);
        if (!is_new) {
            problems_.push_back({place, "duplicate",
                                 "the job " + base::in_quotes(*spec.name) + " of group " +
                                     base::in_quotes(spec.group) + " is declared already",
                                 "the other is in line " + std::to_string(first->second)});
            return;
        }
        jobs_.push_back({spec, place.line});
    }

    bool complete_;
    const core::JobDefaults& defaults_;
    std::vector<Problem>& problems_;
    std::vector<DeclaredJob> jobs_;
    std::map<std::pair<std::string, std::string>, int> lines_;  ///< by group and name
};

}  // namespace

std::vector<DeclaredJob> read_job_tables(const Entry& entry,
                                         bool complete,
                                         const core::JobDefaults& defaults,
                                         std::vector<Problem>& problems) {
    JobTables tables(complete, defaults, problems);
    tables.read(entry);
    return tables.take();
}

}  // namespace jobhost::config
