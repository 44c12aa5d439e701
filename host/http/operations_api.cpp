#include <algorithm>
#include <array>
#include <utility>

#include "core/mistakes.hpp"
#include "core/state.hpp"
#include "http/conditions.hpp"
#include "http/job_answers.hpp"
#include "http/jobs_api.hpp"
#include "http/object_text.hpp"

namespace jobhost::http {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using base::Unit;
using core::Operation;

constexpr std::size_t kMostAtOnce = 1000;

Result<store::OperationOptions> read_options(const Call& call) {
    const auto system = call.query.flag("system");
    if (!system) {
        return system.error();
    }
    const auto condition = read_if_match(call.request.head);
    if (!condition) {
        return condition.error();
    }
    return store::OperationOptions{.system = *system, .version = condition->version};
}

Result<store::Verdict> apply(const Call& call, Operation operation, core::JobId id) {
    const auto options = read_options(call);
    if (!options) {
        return options.error();
    }
    auto verdicts = call.services.jobs.apply(operation, std::array{id}, *options);
    if (!verdicts) {
        return std::move(verdicts).error();
    }
    return std::move(verdicts->front());
}

/// What a bulk request asks for.
struct Bulk {
    Operation operation = Operation::Pause;
    std::vector<std::string> ids;
    bool all_or_none = false;
};

Operation read_operation(const base::Json* value, core::Mistakes& mistakes) {
    const auto operation = value != nullptr && value->is_string()
                               ? core::operation_from(std::string_view(value->get_string()))
                               : std::nullopt;
    if (!operation || operation == Operation::Update || operation == Operation::Copy) {
        mistakes.add("operation", "not_allowed",
                     "must be start, trigger, pause, resume, stop, cancel, enable, disable or "
                     "delete");
    }
    return operation.value_or(Operation::Pause);
}

std::vector<std::string> read_ids(const base::Json* value, core::Mistakes& mistakes) {
    std::vector<std::string> ids;
    if (value == nullptr || !value->is_array()) {
        mistakes.add("ids", "wrong_type", "must be a list of ids");
        return ids;
    }
    if (value->get_array().size() > kMostAtOnce) {
        mistakes.add("ids", "too_long", "must be at most 1000");
        return ids;
    }
    for (const auto& id : value->get_array()) {
        if (!id.is_string()) {
            mistakes.add("ids", "wrong_type", "must be a list of texts");
            return ids;
        }
        ids.emplace_back(id.get_string());
    }
    return ids;
}

Result<Bulk> read_bulk(const std::string& body) {
    const auto document = base::parse_json(body);
    if (!document) {
        return document.error();
    }
    if (!document->value.is_object()) {
        return Error{ErrorKind::Invalid, "invalid", "The body must be an object."};
    }
    const auto& members = document->value.get_object();
    core::Mistakes mistakes;
    for (const auto& member : members) {
        if (member.key() != "operation" && member.key() != "ids" && member.key() != "all_or_none") {
            mistakes.add(std::string(member.key()), "unknown", "is no member of this request");
        }
    }
    Bulk bulk;
    bulk.operation = read_operation(base::find(members, "operation"), mistakes);
    bulk.ids = read_ids(base::find(members, "ids"), mistakes);
    if (const auto* flag = base::find(members, "all_or_none"); flag != nullptr) {
        if (flag->is_bool()) {
            bulk.all_or_none = flag->get_bool();
        } else {
            mistakes.add("all_or_none", "wrong_type", "must be true or false");
        }
    }
    if (!mistakes.empty()) {
        return std::move(mistakes).error("invalid", "the request");
    }
    return bulk;
}

std::string item_text(const std::string& id, const store::Verdict& verdict) {
    const auto error = !verdict.status ? std::optional(unknown_job(id)) : verdict.refused;
    const auto status = verdict.accepted() ? verdict.now : verdict.status;
    ObjectText text;
    text.add("id", id)
        .add("is_accepted", verdict.accepted())
        .add("status", status ? base::Json(core::name(*status)) : base::Json(nullptr))
        .add("made", verdict.made ? base::Json(verdict.made->text()) : base::Json(nullptr))
        .add("error",
             error ? base::Json(base::JsonObject{{"code", error->code}, {"detail", error->message}})
                   : base::Json(nullptr));
    return std::move(text).finish();
}

/// A text that is no id names no job.
std::vector<core::JobId> ids_in(const std::vector<std::string>& texts) {
    std::vector<core::JobId> ids;
    for (const auto& text : texts) {
        ids.push_back(core::JobId::parse(text).value_or(core::JobId{}));
    }
    return ids;
}

}  // namespace

Answer operate_on_job(const Call& call, Operation operation) {
    if (auto checked = check_no_members(call.request.body); !checked) {
        return std::move(checked).error();
    }
    const auto id = core::JobId::parse(call.path.front());
    if (!id) {
        return unknown_job(call.path.front());
    }
    const auto verdict = apply(call, operation, *id);
    if (!verdict) {
        return verdict.error();
    }
    if (!verdict->status) {
        return unknown_job(call.path.front());
    }
    if (verdict->refused) {
        return refused(call, *verdict);
    }
    return verdict->made ? answer_with(call, *verdict->made, 201) : answer_with(call, *id);
}

Answer delete_job(const Call& call) {
    const auto job = find_job(call);
    if (!job) {
        return job.error();
    }
    const auto verdict = apply(call, Operation::Delete, job->id);
    if (!verdict) {
        return verdict.error();
    }
    if (!verdict->status) {
        return unknown_job(call.path.front());
    }
    return verdict->refused ? refused(call, *verdict) : Answer(job_response(*job));
}

Answer operate_on_many(const Call& call) {
    const auto bulk = read_bulk(call.request.body);
    if (!bulk) {
        return bulk.error();
    }
    const auto system = call.query.flag("system");
    if (!system) {
        return system.error();
    }
    const auto verdicts = call.services.jobs.apply(
        bulk->operation, ids_in(bulk->ids), {.system = *system, .all_or_none = bulk->all_or_none});
    if (!verdicts) {
        return verdicts.error();
    }
    ArrayText items;
    for (std::size_t at = 0; at < verdicts->size(); ++at) {
        items.add_text(item_text(bulk->ids[at], (*verdicts)[at]));
    }
    ObjectText text;
    text.add_text("items", std::move(items).finish());
    return Response{.body = std::move(text).finish()};
}

}  // namespace jobhost::http
