#include "http/occurrences_api.hpp"

#include <utility>

#include "http/jobs_api.hpp"
#include "http/object_text.hpp"
#include "http/wire.hpp"

namespace jobhost::http {

Answer list_not_run(const Call& call) {
    const auto limit = call.query.number("limit", kUsualPage, 1, kLongestPage);
    if (!limit) {
        return limit.error();
    }
    core::Instant before = core::Instant::max();
    if (call.query.has("cursor")) {
        const auto cursor = base::parse_instant(call.query.text("cursor"));
        if (!cursor) {
            return bad_query("cursor", "must be a next_cursor that this server gave");
        }
        before = *cursor;
    }
    const auto job = find_job(call);
    if (!job) {
        return job.error();
    }
    const auto rows = call.services.plans.not_run(job->id, before, static_cast<int>(*limit));
    if (!rows) {
        return rows.error();
    }
    ArrayText items;
    for (const store::NotRunRow& row : *rows) {
        items.add_text(not_run_text(row));
    }
    const bool full = rows->size() == static_cast<std::size_t>(*limit);
    ObjectText text;
    text.add_text("items", std::move(items).finish())
        .add("next_cursor", full ? instant_json(rows->back().gap.first) : base::Json(nullptr));
    return Response{.body = std::move(text).finish()};
}

}  // namespace jobhost::http
