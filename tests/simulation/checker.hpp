#pragma once

#include <map>
#include <set>

#include "simulation/model.hpp"
#include "simulation/witness.hpp"

namespace jobhost::simulation {

/// Holds every commit of the model against what was promised.
class Checker {
public:
    Checker(const Model& model, Witness& witness, Trace& trace)
        : model_(model), witness_(witness), trace_(trace) {}

    void on_commit(const Diff& diff);

    /// When all is quiet.
    void at_the_end();

    /// The incarnation that has this identity.
    std::map<NodeId, Owner> owners;

private:
    void check_claims(const Diff& diff);
    void check_ends(const Diff& diff);
    void check_moves(const Diff& diff);
    void check_births(const Diff& diff);
    [[nodiscard]] bool check_place(JobId id);
    void check_counters(JobId id);
    void check_move(const Diff& diff, JobId id, core::Status now);
    void check_wish(const Diff& diff, Token token, JobId job);
    void check_deletion(const Diff& diff, JobId id);
    void check_plan(const Diff& diff, const Diff::Plan& plan);
    void check_occurrences(JobId parent, const PlanRow& plan, Instant after);
    [[nodiscard]] Owner owner_of(NodeId node) const;
    void note(const char* what, const Diff& diff, std::int64_t one, std::int64_t other = 0);

    const Model& model_;
    Witness& witness_;
    Trace& trace_;
    std::map<JobId, core::Status> status_;
    std::map<JobId, Token> running_;
    std::map<JobId, Token> newest_;
    std::map<JobId, int> attempts_;
    std::map<JobId, int> tries_;
    std::map<std::pair<NodeId, JobId>, int> recorded_;
    std::set<std::pair<JobId, Instant>> born_;
    std::map<JobId, core::Want> wished_;
};

}  // namespace jobhost::simulation
