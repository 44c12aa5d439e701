#include "http/jobs_api.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/planning.hpp"
#include "core/state.hpp"
#include "http/job_answers.hpp"
#include "http/object_text.hpp"
#include "http/problem.hpp"
#include "http/wire.hpp"

namespace jobhost::http {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using base::Unit;

constexpr std::int64_t kLongestWait = 60;
/// The events that end a wait are best effort, so a waiting request looks for itself as well.
constexpr base::Duration kLookAgain = std::chrono::seconds(2);
constexpr std::int64_t kMostCounted = 100'000;
/// So many stretches of excluded time are gone through for all jobs of a page together.
constexpr int kStepsOfPage = 10 * core::kMostSteps;

Result<core::JobSpec> read_spec(const Call& call) {
    const auto body = base::parse_json(call.request.body);
    if (!body) {
        return body.error();
    }
    return core::JobSpec::from_json(*body, core::Source::User, defaults_of(call));
}

Result<store::JobQuery> read_job_query(const Query& query) {
    store::JobQuery jobs;
    jobs.type = query.text("type");
    jobs.group = query.text("group");
    jobs.name = query.text("name");
    jobs.unique_key = query.text("unique_key");
    jobs.cursor = query.text("cursor");
    if (query.has("parent_id")) {
        jobs.parent = core::JobId::parse(query.text("parent_id"));
        if (!jobs.parent) {
            return bad_query("parent_id", "must be the id of a job");
        }
    }
    if (query.has("status")) {
        jobs.status = core::status_from(query.text("status"));
        if (!jobs.status || *jobs.status == core::Status::None) {
            return bad_query(
                "status", "must be queuing, running, failed_retry, paused, stopped or completed");
        }
    }
    const auto limit = query.number("limit", kUsualPage, 1, kLongestPage);
    if (!limit) {
        return limit.error();
    }
    jobs.limit = static_cast<int>(*limit);
    return jobs;
}

/// How many jobs match; nothing unless it was asked for.
Result<std::optional<store::JobCount>> total_of(const Call& call, const store::JobQuery& query) {
    const auto wanted = call.query.flag("count");
    if (!wanted) {
        return wanted.error();
    }
    if (!*wanted) {
        return std::optional<store::JobCount>();
    }
    const auto total = call.services.jobs.count(query, kMostCounted);
    if (!total) {
        return total.error();
    }
    return std::optional(*total);
}

}  // namespace

Result<store::Job> find_job(const Call& call) {
    const auto& text = call.path.front();
    const auto id = core::JobId::parse(text);
    if (!id) {
        return unknown_job(text);
    }
    auto found = call.services.jobs.find(std::array{*id});
    if (!found) {
        return std::move(found).error();
    }
    if (found->empty()) {
        return unknown_job(text);
    }
    leave_out_excluded(call, found->front());
    return std::move(found->front());
}

Answer create_job(const Call& call) {
    auto spec = read_spec(call);
    if (!spec) {
        return std::move(spec).error();
    }
    if (auto checked = check_type(call, *spec); !checked) {
        return std::move(checked).error();
    }
    return store_job(call, *std::move(spec), Holder::IsTheAnswer);
}

Answer list_jobs(const Call& call) {
    const auto query = read_job_query(call.query);
    if (!query) {
        return query.error();
    }
    const auto total = total_of(call, *query);
    if (!total) {
        return total.error();
    }
    auto page = call.services.jobs.list(*query);
    if (!page) {
        const bool bad_cursor = page.error().kind == ErrorKind::Invalid;
        return bad_cursor ? bad_query("cursor", "must be a next_cursor that this server gave")
                          : page.error();
    }
    ArrayText items;
    int steps = kStepsOfPage;
    for (auto& job : page->jobs) {
        leave_out_excluded(call, job, steps);
        items.add_text(job_text(job, Detail::Listed));
    }
    const auto& counted = *total;
    ObjectText text;
    text.add_text("items", std::move(items).finish())
        .add("next_cursor", text_or_null(page->next_cursor))
        .add("total", counted ? base::Json(counted->jobs) : base::Json(nullptr))
        .add("is_total_capped", counted && counted->capped);
    return Response{.body = std::move(text).finish()};
}

Answer show_job(const Call& call) {
    const auto wait = call.query.number("wait", 0, 0, kLongestWait);
    if (!wait) {
        return wait.error();
    }
    const auto now = call.services.clock.steady();
    const auto until = call.request.received + std::chrono::seconds(*wait);
    const auto id = core::JobId::parse(call.path.front());
    std::unique_ptr<Interest> interest;
    if (id && call.request.may_wait && now < until) {
        interest = call.waits.watch(*id, call.request.resume);
    }
    const auto job = find_job(call);
    if (!job) {
        return job.error();
    }
    if (interest == nullptr || core::is_final(job->status)) {
        return job_response(*job);
    }
    return Wait{std::min(until, now + kLookAgain), std::move(interest)};
}

}  // namespace jobhost::http
