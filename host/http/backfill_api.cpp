#include "http/backfill_api.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/backfill.hpp"
#include "core/mistakes.hpp"
#include "http/job_answers.hpp"
#include "http/jobs_api.hpp"
#include "http/object_text.hpp"

namespace jobhost::http {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;

/// What a request asks for.
struct Wish {
    core::Period period;
    int limit = core::kMostBackfilled;
    bool includes_unknown = false;
    bool is_dry_run = false;
};

class WishReader {
public:
    explicit WishReader(core::Instant now) : now_(now) {}

    Result<Wish> read(const base::JsonObject& members) {
        for (const auto& member : members) {
            check_known(member.key());
        }
        wish_.period.from = instant(members, "from");
        wish_.period.to = instant(members, "to");
        if (mistakes_.empty() && wish_.period.to < wish_.period.from) {
            mistakes_.add("to", "out_of_range", "must not be before from");
        }
        if (mistakes_.empty() && wish_.period.to > now_) {
            mistakes_.add("to", "out_of_range", "must not be later than now");
        }
        read_limit(base::find(members, "limit"));
        read_flag(members, "include_unknown", wish_.includes_unknown);
        read_flag(members, "dry_run", wish_.is_dry_run);
        if (!mistakes_.empty()) {
            return std::move(mistakes_).error("invalid", "the request");
        }
        return wish_;
    }

private:
    void check_known(std::string_view key) {
        constexpr std::array<std::string_view, 5> kMembers{"from", "to", "limit", "include_unknown",
                                                           "dry_run"};
        if (std::ranges::find(kMembers, key) == kMembers.end()) {
            mistakes_.add(std::string(key), "unknown", "is no member of this request");
        }
    }

    core::Instant instant(const base::JsonObject& members, const char* name) {
        const auto* value = base::find(members, name);
        if (value == nullptr || !value->is_string()) {
            mistakes_.add(name, value == nullptr ? "required" : "wrong_type",
                          "must be an instant: 2026-03-01T12:00:00Z");
            return {};
        }
        const auto read = base::parse_instant(std::string_view(value->get_string()));
        if (!read) {
            mistakes_.add(name, "wrong_type", read.error().message);
        }
        return read ? *read : core::Instant();
    }

    void read_limit(const base::Json* value) {
        if (value == nullptr || value->is_null()) {
            return;
        }
        if (!value->is_int64() || value->get_int64() < 1 ||
            value->get_int64() > core::kMostBackfilled) {
            mistakes_.add("limit", "out_of_range",
                          "must be between 1 and " + std::to_string(core::kMostBackfilled));
            return;
        }
        wish_.limit = static_cast<int>(value->get_int64());
    }

    void read_flag(const base::JsonObject& members, const char* name, bool& flag) {
        const auto* value = base::find(members, name);
        if (value == nullptr || value->is_null()) {
            return;
        }
        if (!value->is_bool()) {
            mistakes_.add(name, "wrong_type", "must be true or false");
            return;
        }
        flag = value->get_bool();
    }

    core::Instant now_;
    core::Mistakes mistakes_;
    Wish wish_;
};

Result<Wish> read_wish(const Call& call) {
    const auto document = base::parse_json(call.request.body);
    if (!document) {
        return document.error();
    }
    if (!document->value.is_object()) {
        return Error{ErrorKind::Invalid, "invalid", "The body must be an object."};
    }
    return WishReader(call.services.clock.now()).read(document->value.get_object());
}

Result<core::Backfill> occurrences_of(const Call& call, const store::Job& job, const Wish& wish) {
    if (!job.spec.recurrence) {
        return Error{ErrorKind::Conflict, "not_recurring",
                     "Only a recurring job has occurrences to make up for."};
    }
    const core::Recurrence& recurrence = *job.spec.recurrence;
    const core::Blackout blackout(call.services.calendars, recurrence.calendars);
    return core::occurrences_in(wish.period, recurrence, blackout, job.spec.begin_time,
                                job.spec.begin_time.value_or(job.created_at), wish.limit);
}

std::string backfill_text(const store::Backfilled& done, const Wish& wish, int excluded) {
    base::JsonArray ids;
    for (const store::Child& child : done.children) {
        ids.emplace_back(child.id.text());
    }
    ObjectText text;
    text.add("count", done.missing)
        .add("present", done.present)
        .add("excluded", excluded)
        .add("unknown", done.unknown)
        .add("is_dry_run", wish.is_dry_run)
        .add("ids", std::move(ids));
    return std::move(text).finish();
}

}  // namespace

Answer backfill_job(const Call& call) {
    const auto system = call.query.flag("system");
    if (!system) {
        return system.error();
    }
    const auto wish = read_wish(call);
    if (!wish) {
        return wish.error();
    }
    const auto job = find_job(call);
    if (!job) {
        return job.error();
    }
    auto found = occurrences_of(call, *job, *wish);
    if (!found) {
        return std::move(found).error();
    }
    const auto done = call.services.plans.backfill({.id = job->id,
                                                    .version = job->version,
                                                    .nominals = std::move(found->nominals),
                                                    .system = *system,
                                                    .includes_unknown = wish->includes_unknown,
                                                    .is_dry_run = wish->is_dry_run});
    if (!done) {
        return done.error();
    }
    if (!done->is_known) {
        return unknown_job(call.path.front());
    }
    if (done->refused) {
        return *done->refused;
    }
    return Response{.body = backfill_text(*done, *wish, found->excluded)};
}

}  // namespace jobhost::http
