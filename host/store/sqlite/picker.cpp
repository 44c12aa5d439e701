#include "store/sqlite/picker.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

constexpr int kLongestPage = 1000;

/// The rows of one lane and rank, read a page at a time.
struct Source {
    Frontier::Pair pair;
    int* budget;  ///< shared by all sources of one type
    Position read_to;
    std::deque<Pick> page;
    bool ended = false;

    [[nodiscard]] const Position& head() const { return page.front().place.position; }
};

class Picker {
public:
    Picker(Connection& connection, Live& live, const ClaimRequest& request)
        : connection_(connection), live_(live), limit_(std::max(request.limit, 0)) {
        std::vector<Frontier::Pair> pairs;
        for (const TypeBudget& type : request.types) {
            if (budgets_.try_emplace(type.type, type.most).second) {
                live.frontier().collect(type.type, pairs);
            }
        }
        for (const Frontier::Pair& pair : pairs) {
            sources_.push_back({.pair = pair,
                                .budget = &budgets_[*pair.type],
                                .read_to = pair.floor,
                                .page = {},
                                .ended = false});
        }
        std::ranges::sort(sources_, {}, [](const Source& source) { return source.pair.rank; });
    }

    /// One place for the head of each rank below the best that is there.
    void take_heads(Rank& last) {
        auto groups = lower_groups();
        std::ranges::rotate(groups, std::ranges::find_if(groups, [&](const Group& group) {
                                return rank_of(group) > last;
                            }));
        for (const Group& group : groups) {
            if (wanted() > 0 && take_best(group, 1)) {
                last = rank_of(group);
            }
        }
    }

    void fill() {
        for (std::size_t next = 0; next < sources_.size() && wanted() > 0;) {
            const Group group = group_at(next);
            take_best(group, wanted());
            next = group.second;
        }
    }

    /// After a failure the floors stay where they were.
    std::vector<Pick> finish() {
        if (connection_.failure()) {
            return {};
        }
        for (const Source& source : sources_) {
            if (source.ended && source.page.empty()) {
                live_.frontier().close(source.pair.lane, source.pair.rank);
            } else {
                live_.frontier().advance(source.pair.lane, source.pair.rank, source.pair.floor);
            }
        }
        return std::move(picks_);
    }

private:
    using Group = std::pair<std::size_t, std::size_t>;  ///< a range of sources, of one rank

    [[nodiscard]] int wanted() const { return limit_ - static_cast<int>(picks_.size()); }

    [[nodiscard]] Group group_at(std::size_t from) const {
        std::size_t to = from;
        while (to < sources_.size() && sources_[to].pair.rank == sources_[from].pair.rank) {
            ++to;
        }
        return {from, to};
    }

    [[nodiscard]] Rank rank_of(const Group& group) const { return sources_[group.first].pair.rank; }

    /// What comes after the best rank that has a free row.
    [[nodiscard]] std::vector<Group> lower_groups() {
        std::vector<Group> groups;
        bool found_best = false;
        for (std::size_t next = 0; next < sources_.size();) {
            const Group group = group_at(next);
            next = group.second;
            if (found_best) {
                groups.push_back(group);
            }
            for (std::size_t i = group.first; i < group.second && !found_best; ++i) {
                found_best = has_head(sources_[i], 1);
            }
        }
        return groups;
    }

    /// Merges the sources of one rank by due time; false when nothing was taken.
    bool take_best(Group group, int most) {
        const std::size_t before = picks_.size();
        const auto sources = static_cast<int>(group.second - group.first);
        const int page = std::min(most, wanted()) / std::max(sources, 1) + 1;
        std::vector<Source*> heap;
        for (std::size_t i = group.first; i < group.second; ++i) {
            if (has_head(sources_[i], page)) {
                heap.push_back(&sources_[i]);
            }
        }
        const auto later = [](const Source* a, const Source* b) { return a->head() > b->head(); };
        std::ranges::make_heap(heap, later);
        while (!heap.empty() && wanted() > 0 && picks_.size() - before < std::size_t(most)) {
            std::ranges::pop_heap(heap, later);
            Source& best = *heap.back();
            if (*best.budget > 0) {
                take_head(best);
            }
            if (has_head(best, page)) {
                std::ranges::push_heap(heap, later);
            } else {
                heap.pop_back();
            }
        }
        return picks_.size() > before;
    }

    void take_head(Source& source) {
        source.pair.floor = source.head();
        picks_.push_back(source.page.front());
        source.page.pop_front();
        --*source.budget;
    }

    /// Reads on until a free row is at the head. False when there is none or no budget for it.
    bool has_head(Source& source, int page) {
        if (*source.budget <= 0) {
            return false;
        }
        for (;;) {
            while (!source.page.empty() && !live_.is_free(source.head().job)) {
                source.pair.floor = source.head();
                source.page.pop_front();
            }
            if (!source.page.empty()) {
                return true;
            }
            if (source.ended) {
                return false;
            }
            read_page(source, std::min(page, kLongestPage));
        }
    }

    void read_page(Source& source, int length) {
        auto rows = connection_.query(kReadyAfter, source.pair.lane, source.pair.rank,
                                      source.read_to.due, source.read_to.job, length);
        int found = 0;
        for (; rows.next(); ++found) {
            source.read_to = {rows.column<core::Instant>(0), rows.column<JobKey>(1)};
            source.page.push_back({.place = {source.pair.lane, source.pair.rank, source.read_to},
                                   .tries = rows.column<int>(2),
                                   .crashes = rows.column<int>(3),
                                   .attempts = rows.column<int>(4)});
        }
        source.ended = found < length;
    }

    Connection& connection_;
    Live& live_;
    int limit_;
    std::map<std::string, int> budgets_;
    std::vector<Source> sources_;
    std::vector<Pick> picks_;
};

}  // namespace

std::vector<Pick> pick(Connection& connection,
                       Live& live,
                       const ClaimRequest& request,
                       Rank* fair_turn) {
    Picker picker(connection, live, request);
    if (fair_turn != nullptr) {
        picker.take_heads(*fair_turn);
    }
    picker.fill();
    return picker.finish();
}

}  // namespace jobhost::store::sqlite
