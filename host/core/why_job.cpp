#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "core/why_terms.hpp"

namespace jobhost::core {

namespace {

using base::format_instant;

base::JsonObject labels_object(const LabelMap& labels) {
    base::JsonObject object;
    for (const auto& [name, value] : labels) {
        object[name] = value;
    }
    return object;
}

bool carries(const LabelMap& carried, const LabelMap& wanted) {
    return std::ranges::includes(carried, wanted);
}

// Each term says nothing when it holds.

std::string not_accepted(const JobFacts& job) {
    if (job.status == Status::Queuing || job.status == Status::FailedRetry) {
        return {};
    }
    return "It is " + std::string(name(job.status)) + since_text(job.since) + ".";
}

std::string not_due(const JobFacts& job) {
    if (job.in_queue || !job.due || *job.due <= job.now) {
        return {};
    }
    std::string sentence = "It waits until " + format_instant(*job.due);
    if (job.tries > 0) {
        const std::string most = job.max_tries == 0 ? "" : " of " + std::to_string(job.max_tries);
        return sentence + ": try " + std::to_string(job.tries + 1) + most + ", after " +
               std::to_string(job.tries) + (job.tries == 1 ? " failure." : " failures.");
    }
    if (job.attempts > 0) {
        return sentence + ": its last attempt asked to be called again.";
    }
    return sentence + ": its time has not come.";
}

std::string not_alone(const JobFacts& job) {
    if (!job.gated) {
        return {};
    }
    std::string who = "others";
    if (!job.in_front.empty()) {
        const std::size_t more = job.in_front.size() - 1;
        who = "job " + job.in_front.front().text() +
              (more == 0 ? "" : " and " + std::to_string(more) + " more");
    }
    return "It waits until " + who + " of the same recurring job " +
           (job.in_front.size() == 1 ? "is" : "are") + " over.";
}

std::string type_unknown(const JobFacts& job) {
    return std::ranges::any_of(job.nodes, &NodeFacts::has_type)
               ? ""
               : "Nobody here can run it: no live host publishes the type " + job.type + ".";
}

/// The only node that may run it, and what else its node must carry.
struct Wanted {
    LabelMap node = {};
    LabelMap others = {};
};

Wanted wanted_by(const JobFacts& job) {
    Wanted wanted{.node = {}, .others = job.labels};
    if (auto pinned = wanted.others.extract(std::string(kNodeLabel))) {
        wanted.node.insert(std::move(pinned));
    }
    return wanted;
}

using Candidates = std::vector<const NodeFacts*>;

/// Those that pass; all of them where none does, so that the next term is judged as well.
template <typename Passes>
Candidates narrowed(const Candidates& from, Passes passes) {
    Candidates left;
    std::ranges::copy_if(from, std::back_inserter(left),
                         [&](const NodeFacts* node) { return passes(*node); });
    return left.empty() ? from : left;
}

Candidates with_type(const JobFacts& job) {
    Candidates all;
    std::ranges::transform(job.nodes, std::back_inserter(all),
                           [](const NodeFacts& node) { return &node; });
    return narrowed(all, [](const NodeFacts& node) { return node.has_type; });
}

bool anyone_carries(const Candidates& nodes, const LabelMap& labels) {
    return labels.empty() || std::ranges::any_of(nodes, [&](const NodeFacts* node) {
               return carries(node->labels, labels);
           });
}

std::string other_node(const JobFacts& job, const Wanted& wanted) {
    return anyone_carries(with_type(job), wanted.node)
               ? ""
               : "Nobody here can run it: it is for the host " + wanted.node.begin()->second +
                     " alone, which is not there or has not its type.";
}

std::string labels_missing(const JobFacts& job, const Wanted& wanted) {
    const Candidates nodes = narrowed(
        with_type(job), [&](const NodeFacts& node) { return carries(node.labels, wanted.node); });
    if (anyone_carries(nodes, wanted.others)) {
        return {};
    }
    std::string list;
    for (const auto& [name, value] : wanted.others) {
        list += (list.empty() ? "" : ", ") + name + "=" + value;
    }
    return "Nobody here can run it: no live host that could carries " + list + ".";
}

std::string no_slot(const JobFacts& job) {
    if (!job.places) {
        return {};
    }
    if (job.places->is_draining) {
        return "The host stops or is on standby, and takes no jobs.";
    }
    return job.places->taken < job.places->all
               ? ""
               : "All places for jobs of its type are taken: " + std::to_string(job.places->all) +
                     ".";
}

std::string held(const JobFacts& job) {
    if (!job.holder) {
        return {};
    }
    const HolderFacts& holder = *job.holder;
    if (holder.is_dead) {
        return "The host that held it, " + holder.node_name +
               ", is gone: its attempt is brought to an end first.";
    }
    std::string sentence =
        holder.started_at ? "Attempt " + std::to_string(holder.attempt) + " runs on " +
                                holder.node_name + " since " + format_instant(*holder.started_at)
                          : holder.node_name + " has taken it and begins it next";
    if (ends_attempt(holder.want)) {
        sentence += "; somebody wants it to end: " + std::string(name(holder.want));
    }
    return sentence + ".";
}

/// "; 12 jobs of its type and labels stand before it."
std::string turn_text(int before) {
    if (before == 0) {
        return ".";
    }
    if (before == 1) {
        return "; 1 job of its type and labels stands before it.";
    }
    return "; " + std::to_string(before) + (before == kMostCountedBefore ? " or more" : "") +
           " jobs of its type and labels stand before it.";
}

/// A claim takes it all the same: whoever holds it then ends it without an attempt.
std::string too_late(const JobFacts& job) {
    const bool has_begun = job.holder && job.holder->started_at;
    if (!job.end_time || has_begun || is_final(job.status)) {
        return {};
    }
    const Instant begin = job.in_queue ? job.now : std::max(job.now, job.due.value_or(job.now));
    if (begin <= *job.end_time) {
        return {};
    }
    return std::string(job.now > *job.end_time ? " Its" : " By then its") + " end time, " +
           format_instant(*job.end_time) +
           ", has passed: no attempt begins any more, and the host that takes it stops it with the "
           "reason expired.";
}

base::Json place_json(const JobFacts& job) {
    const auto known = [&](int value) { return job.places ? base::Json(value) : nullptr; };
    const Places places = job.places.value_or(Places{});
    return base::JsonObject{{"places", known(places.all)},
                            {"taken", known(places.taken)},
                            {"is_draining", places.is_draining},
                            {"before", job.before}};
}

base::Json holder_json(const std::optional<HolderFacts>& holder) {
    if (!holder) {
        return nullptr;
    }
    return base::JsonObject{{"node", holder->node_name},
                            {"node_id", holder->node.text()},
                            {"token", holder->token.value},
                            {"attempt", holder->attempt},
                            {"started_at", json_of(holder->started_at)},
                            {"is_dead", holder->is_dead},
                            {"want", name(holder->want)}};
}

base::Json in_front_json(const JobFacts& job) {
    base::JsonArray ids;
    for (const JobId id : job.in_front) {
        ids.emplace_back(id.text());
    }
    return ids;
}

base::Json type_json(const JobFacts& job) {
    base::JsonArray nodes;
    for (const NodeFacts& node : job.nodes) {
        if (node.has_type) {
            nodes.emplace_back(node.name);
        }
    }
    return base::JsonObject{{"type", job.type}, {"nodes", std::move(nodes)}};
}

base::Json labels_json(const JobFacts& job, const Wanted& wanted) {
    base::JsonObject nodes;
    for (const NodeFacts& node : job.nodes) {
        LabelMap labels = node.labels;
        labels.erase(std::string(kNodeLabel));
        nodes[node.name] = labels_object(labels);
    }
    return base::JsonObject{{"wanted", labels_object(wanted.others)},
                            {"carried", std::move(nodes)}};
}

/// The first that fails decides.
constexpr std::array kDeciders{
    Decider{"not_stopped", "ended"}, Decider{"claimed_by", "claimed"},
    Decider{"not_paused", "held"},   Decider{"accepted", "ended"},
    Decider{"enabled", "held"},      Decider{"alone", "waits"},
    Decider{"due", "waits"},         Decider{"type_known", "no_host"},
    Decider{"node", "no_host"},      Decider{"labels", "no_host"},
    Decider{"slot", "waits"},
};

}  // namespace

Explanation explain(const JobFacts& job) {
    const Wanted wanted = wanted_by(job);
    const bool paused = job.status == Status::Paused;
    const bool stopped = job.status == Status::Stopped;
    Explanation answer{.verdict = "ready",
                       .sentence = "It is ready: a host takes it as soon as its turn comes" +
                                   turn_text(job.before)};
    answer.terms = {
        term("accepted", base::Json(name(job.status)), not_accepted(job)),
        term("enabled", job.enabled, job.enabled ? "" : disabled_sentence()),
        term("not_paused", json_of(paused ? job.since : std::nullopt),
             paused ? paused_sentence(job.since) : ""),
        term("not_stopped", stopped ? base::Json(job.reason) : base::Json(nullptr),
             stopped ? stopped_sentence(job.since, job.reason, job.abandoned) : ""),
        term("due", json_of(job.due), not_due(job)),
        term("alone", in_front_json(job), not_alone(job)),
        term("type_known", type_json(job), type_unknown(job)),
        term("node",
             wanted.node.empty() ? base::Json(nullptr) : base::Json(wanted.node.begin()->second),
             other_node(job, wanted)),
        term("labels", labels_json(job, wanted), labels_missing(job, wanted)),
        term("slot", place_json(job), no_slot(job)),
        term("claimed_by", holder_json(job.holder), held(job)),
    };
    decide(answer, kDeciders);
    answer.sentence += too_late(job);
    if (answer.verdict == "claimed" && job.holder->started_at && !job.holder->is_dead) {
        answer.verdict = "runs_now";
    }
    return answer;
}

}  // namespace jobhost::core
