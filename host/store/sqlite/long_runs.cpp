#include "store/sqlite/long_runs.hpp"

#include <vector>

#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

void mark(Turn& turn, base::Steady now) {
    const std::vector<Held> found =
        turn.live.with([&](const Live& live) { return live.long_runners(now, kLongRun); });
    for (const Held& held : found) {
        turn.db.run(kMarkRunning, held.key(), held.token, held.started_at);
    }
    turn.after_commit([found](Live& live) {
        for (const Held& held : found) {
            live.set_marked(held.token);
        }
    });
}

}  // namespace

Writer::Chore mark_long_runs(const base::Clock& clock) {
    return {.next = [](Live& live) { return live.next_long_runner(kLongRun); },
            .work = [&clock](Turn& turn) { mark(turn, clock.steady()); }};
}

}  // namespace jobhost::store::sqlite
