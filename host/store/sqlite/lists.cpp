#include "store/sqlite/lists.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "store/sqlite/declarations.hpp"
#include "store/sqlite/job_reader.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

constexpr int kMostRows = 20'000;
constexpr int kMostJobs = 1'000;
constexpr JobKey kAboveAll{std::numeric_limits<std::int64_t>::max()};

/// A cursor is the key of the last job that was looked at; the letter is there to tell it from
/// cursors of another form that may come.
constexpr char kCursorMark = 'k';

std::string to_cursor(JobKey key) { return kCursorMark + std::to_string(key.value); }

std::optional<JobKey> from_cursor(std::string_view text) {
    if (text.empty()) {
        return kAboveAll;
    }
    JobKey key;
    const char* const end = text.data() + text.size();
    const auto [stop, code] = std::from_chars(text.data() + 1, end, key.value);
    const bool clean = text[0] == kCursorMark && code == std::errc() && stop == end;
    return clean && key.value >= 0 ? std::optional(key) : std::nullopt;
}

/// The keys of the jobs that a query is about, newest first, from the narrowest table there is.
class Driver {
public:
    Driver(Connection& connection, const Running& running, const JobQuery& query, JobKey below) {
        if (!query.unique_key.empty()) {
            rows_.emplace(connection.query(kListKeyed, below, query.unique_key));
        } else if (!query.name.empty()) {
            rows_.emplace(connection.query(kListNamed, below, query.name));
        } else if (!query.declared_by.empty()) {
            rows_.emplace(connection.query(kListDeclared, below, query.declared_by));
        } else if (query.parent) {
            rows_.emplace(
                connection.query(kListChildren, below, key_of(connection, *query.parent)));
        } else if (!query.status) {
            rows_.emplace(connection.query(kListAll, below));
        } else {
            by_status(connection, running, *query.status, below);
        }
    }

    std::optional<JobKey> next() {
        if (rows_) {
            return rows_->next() ? std::optional(rows_->column<JobKey>(0)) : std::nullopt;
        }
        return next_key_ < keys_.size() ? std::optional(keys_[next_key_++]) : std::nullopt;
    }

private:
    void by_status(Connection& connection,
                   const Running& running,
                   core::Status status,
                   JobKey below) {
        switch (status) {
            case core::Status::Queuing:
                rows_.emplace(connection.query(kListQueuing, below));
                return;
            case core::Status::FailedRetry:
                rows_.emplace(connection.query(kListFailedRetry, below));
                return;
            case core::Status::Paused:
                rows_.emplace(connection.query(kListParked, below, Why::Paused, status));
                return;
            case core::Status::Stopped:
                rows_.emplace(connection.query(kListParked, below, Why::Stopped, status));
                return;
            case core::Status::Completed:
                rows_.emplace(connection.query(kListFinished, below));
                return;
            case core::Status::Running:
                keys_ = running.newest_first();
                std::erase_if(keys_, [&](JobKey key) { return key >= below; });
                return;
            case core::Status::None:
                return;
        }
    }

    std::optional<Statement> rows_;
    std::vector<JobKey> keys_;
    std::size_t next_key_ = 0;
};

/// What a query demands besides the key.
class Filter {
public:
    Filter(Connection& connection, const Running& running, const JobQuery& query)
        : connection_(connection), running_(running), query_(query) {
        if (!query.type.empty()) {
            auto rows = connection.query(kLanesOfType, query.type);
            while (rows.next()) {
                lanes_.insert(rows.column<LaneId>(0));
            }
        }
        if (query.parent) {
            parent_ = key_of(connection, *query.parent);
        }
    }

    [[nodiscard]] bool can_match() const {
        return (query_.type.empty() || !lanes_.empty()) && (!query_.parent || parent_);
    }

    /// The standing of a job that matches.
    std::optional<Standing> match(JobKey key) {
        if (!has_what_is_asked(key) || !has_declaration(key)) {
            return std::nullopt;
        }
        auto standing = standing_of(connection_, key);
        if (standing && query_.status && status_of(*standing, running_) != *query_.status) {
            standing.reset();
        }
        return standing;
    }

private:
    bool has_what_is_asked(JobKey key) {
        if (query_.type.empty() && query_.group.empty() && query_.name.empty() && !query_.parent) {
            return true;
        }
        auto row = connection_.query(kFiltered, key);
        return row.next() && (query_.type.empty() || lanes_.contains(row.column<LaneId>(0))) &&
               (query_.group.empty() || row.column<std::string>(1) == query_.group) &&
               (query_.name.empty() || row.column<std::string>(3) == query_.name) &&
               (!parent_ || row.column<std::optional<JobKey>>(2) == parent_);
    }

    bool has_declaration(JobKey key) {
        if (query_.declared_by.empty()) {
            return true;
        }
        const auto declaration = declaration_of(connection_, key);
        return declaration && declaration->host == query_.declared_by;
    }

    Connection& connection_;
    const Running& running_;
    const JobQuery& query_;
    std::unordered_set<LaneId> lanes_;
    std::optional<JobKey> parent_;
};

base::Error bad_cursor() {
    const std::string sentence = "this is not a cursor that a page of this list gave";
    return {
        base::ErrorKind::Invalid, "invalid_cursor", sentence, {{"cursor", "invalid", sentence}}};
}

}  // namespace

base::Result<JobPage> list(Connection& connection, const Running& running, const JobQuery& query) {
    const auto below = from_cursor(query.cursor);
    if (!below) {
        return bad_cursor();
    }
    JobPage page;
    Filter filter(connection, running, query);
    if (!filter.can_match()) {
        return page;
    }
    const auto limit = static_cast<std::size_t>(std::clamp(query.limit, 1, kMostJobs));
    Driver driver(connection, running, query, *below);
    JobKey last = *below;
    for (int looked_at = 0;; ++looked_at) {
        const auto key = driver.next();
        if (!key) {
            return page;
        }
        if (looked_at == kMostRows || page.jobs.size() == limit) {
            page.next_cursor = to_cursor(last);
            return page;
        }
        last = *key;
        if (const auto standing = filter.match(*key)) {
            page.jobs.push_back(read_job(connection, *standing, running));
        }
    }
}

JobCount count(Connection& connection,
               const Running& running,
               const JobQuery& query,
               std::int64_t cap) {
    Filter filter(connection, running, query);
    JobCount found;
    if (!filter.can_match()) {
        return found;
    }
    Driver driver(connection, running, query, kAboveAll);
    for (int looked_at = 0;; ++looked_at) {
        const auto key = driver.next();
        if (!key) {
            return found;
        }
        if (looked_at == kMostRows || found.jobs >= cap) {
            found.capped = true;
            return found;
        }
        found.jobs += filter.match(*key) ? 1 : 0;
    }
}

}  // namespace jobhost::store::sqlite
