#include "http/why_api.hpp"

#include <optional>
#include <string>
#include <utility>

#include "core/why.hpp"
#include "http/job_answers.hpp"
#include "http/wire.hpp"

namespace jobhost::http {

namespace {

using base::Json;
using base::JsonArray;
using base::JsonObject;

constexpr int kShownOccurrences = 10;

JsonArray terms_json(const core::Explanation& answer) {
    JsonArray list;
    for (const core::Term& term : answer.terms) {
        list.push_back(JsonObject{{"term", term.name},
                                  {"pass", term.pass},
                                  {"value", term.value},
                                  {"sentence", text_or_null(term.sentence)}});
    }
    return list;
}

JsonArray occurrences_json(const core::Explanation& answer) {
    JsonArray list;
    for (const core::OccurrenceFate& fate : answer.occurrences) {
        const auto& child = fate.child;
        list.push_back(
            JsonObject{{"verdict", fate.verdict},
                       {"rule", text_or_null(fate.rule)},
                       {"first", instant_json(fate.first)},
                       {"last", instant_json(fate.last)},
                       {"count", fate.count},
                       {"is_count_capped", !fate.is_counted},
                       {"job_id", child ? Json(child->id.text()) : Json(nullptr)},
                       {"status", child ? Json(core::name(child->status)) : Json(nullptr)},
                       {"reason", child ? text_or_null(child->reason) : Json(nullptr)}});
    }
    return list;
}

Json origin_json(const std::optional<core::OriginFacts>& origin) {
    if (!origin) {
        return nullptr;
    }
    return JsonObject{{"parent_id", origin->parent.text()},
                      {"nominal_at", instant_json(origin->nominal_at)},
                      {"is_triggered", !origin->nominal_at},
                      {"late_by", base::to_seconds(origin->late_by)}};
}

/// What is asked: about the job, or about one occurrence of it.
struct Question {
    core::JobId id;
    std::optional<core::Instant> at;
};

Answer answer_to(const Question& question,
                 core::Instant now,
                 const core::Explanation& answer,
                 Json origin) {
    const JsonObject body{{"id", question.id.text()},    {"at", instant_json(question.at)},
                          {"as_of", instant_json(now)},  {"verdict", answer.verdict},
                          {"sentence", answer.sentence}, {"terms", terms_json(answer)},
                          {"origin", std::move(origin)}, {"occurrences", occurrences_json(answer)}};
    return Response{.body = base::to_text(body)};
}

Answer about_job(const Call& call, const Question& question, core::JobFacts facts) {
    if (question.at) {
        return bad_query("at", "is only for recurring jobs; this one has no occurrences");
    }
    facts.places = call.services.host.places(facts.type);
    return answer_to(question, facts.now, core::explain(facts), origin_json(facts.origin));
}

Answer about_plan(const Call& call, const Question& question, const core::PlanFacts& facts) {
    const core::Blackout blackout(call.services.calendars, facts.recurrence.calendars);
    return answer_to(question, facts.now,
                     question.at ? core::explain_occurrence(facts, blackout, *question.at)
                                 : core::explain(facts, blackout),
                     nullptr);
}

base::Result<Question> read_question(const Call& call) {
    const auto id = core::JobId::parse(call.path.front());
    if (!id) {
        return unknown_job(call.path.front());
    }
    if (!call.query.has("at")) {
        return Question{*id, std::nullopt};
    }
    const auto at = base::parse_instant(call.query.text("at"));
    if (!at) {
        return bad_query("at", "must be an instant like 2026-03-01T12:00:00Z");
    }
    return Question{*id, *at};
}

}  // namespace

Answer explain_job(const Call& call) {
    const auto question = read_question(call);
    if (!question) {
        return question.error();
    }
    auto facts = call.services.jobs.why(question->id, question->at.value_or(core::Instant::max()),
                                        kShownOccurrences);
    if (!facts) {
        return facts.error().kind == base::ErrorKind::NotFound ? unknown_job(question->id.text())
                                                               : std::move(facts).error();
    }
    auto* const job = std::get_if<core::JobFacts>(&*facts);
    return job != nullptr ? about_job(call, *question, std::move(*job))
                          : about_plan(call, *question, std::get<core::PlanFacts>(*facts));
}

}  // namespace jobhost::http
