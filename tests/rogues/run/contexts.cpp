#include <memory>
#include <utility>

#include "rogue.hpp"

namespace {

jh_rc complete(Rogue& rogue, jh_ctx ctx, jh_rc outcome) {
    return rogue.host->run->complete(rogue.host, ctx, outcome);
}

void keep(Rogue& rogue, std::thread thread) {
    const std::lock_guard lock(rogue.mutex);
    rogue.threads.push_back(std::move(thread));
}

void remember(Rogue& rogue, std::string seen) {
    const std::lock_guard lock(rogue.mutex);
    rogue.seen = std::move(seen);
}

// Attempt succeeds; the second complete is answered JH_E_STATE, see rogue.report. Misbehaves.
jh_rc double_complete(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    const jh_rc first = complete(rogue, ctx, JH_OK);
    const jh_rc second = complete(rogue, ctx, JH_FAILED);
    remember(rogue, to_json({{"first", first}, {"second", second}}));
    return JH_PENDING;
}

// Attempt succeeds: what was completed first stands. Misbehaves.
jh_rc complete_and_fail(void* self, jh_ctx ctx, const jh_run_info*) {
    complete(rogue_of(self), ctx, JH_OK);
    return JH_FAILED;
}

// Attempt succeeds by its return; complete is answered JH_E_STATE, as the result says. Misbehaves.
jh_rc complete_in_run(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    return report(rogue, ctx, {{"complete", complete(rogue, ctx, JH_FAILED)}});
}

// Attempt succeeds: the first complete brought no outcome, was answered JH_E_INVALID and left the
// attempt open. Misbehaves.
jh_rc completes_with_garbage(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    const jh_rc first = complete(rogue, ctx, 999);
    report(rogue, ctx, {{"complete", first}});
    complete(rogue, ctx, JH_OK);
    return JH_PENDING;
}

// Nothing is ever completed. A grace period after its time-out the attempt is stuck and named so.
jh_rc never_completes(void*, jh_ctx, const jh_run_info*) { return JH_PENDING; }

// Completes long after it was asked to stop. The attempt is stuck until then; what is completed
// counts: the work is done.
jh_rc late_complete(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    const Pause pause(rogue, ctx);
    keep(rogue, std::thread([&rogue, ctx, pause] {
             pause.wait();
             const jh_rc late = complete(rogue, ctx, JH_OK);
             remember(rogue, to_json({{"complete", late}}));
         }));
    return JH_PENDING;
}

// Attempt fails with the reason that start told. The complete after that changes nothing and is
// answered JH_E_STATE, see rogue.report. Misbehaves.
jh_rc completes_after_end(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    const Pause pause(rogue, ctx);
    keep(rogue, std::thread([&rogue, ctx, pause] {
             while (rogue.host->run->cancel_reason(rogue.host, ctx) >= 0 && pause.goes_on()) {
             }
             const jh_rc late = complete(rogue, ctx, JH_OK);
             remember(rogue, to_json({{"complete", late}}));
         }));
    return fail(rogue, ctx, "rogue.early", "it has failed already");
}

// The first attempt fails and is retried. The second one uses the context of the first: each call
// is answered JH_E_STATE, as the result says, and nothing of it reaches the second attempt.
// Misbehaves.
jh_rc stale_context(void* self, jh_ctx ctx, const jh_run_info* info) {
    Rogue& rogue = rogue_of(self);
    if (info->attempt == 1) {
        rogue.first_ctx = ctx;
        return fail(rogue, ctx, "rogue.again", "once more, please", JH_ERROR_RETRYABLE);
    }
    const jh_host* host = rogue.host;
    const jh_ctx stale = rogue.first_ctx;
    fail(rogue, stale, "rogue.stale", "not of this attempt");
    return report(rogue, ctx,
                  {{"cancel_reason", host->run->cancel_reason(host, stale)},
                   {"output", host->run->output(host, stale, JH_STREAM_STDOUT, "stale", 5)},
                   {"set_result", host->run->set_result(host, stale, jh_str_of("{}"))},
                   {"complete", complete(rogue, stale, JH_OK)}});
}

// Attempt succeeds at once. A thread goes on with its context until it is refused; what it is
// answered then stands in the result of rogue.report. Misbehaves.
jh_rc context_after_return(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    const Pause pause(rogue, ctx);
    keep(rogue, std::thread([&rogue, ctx, pause] {
             const jh_host* host = rogue.host;
             while (host->run->cancel_reason(host, ctx) >= 0 && pause.goes_on()) {
             }
             std::int64_t number = 0;
             host->log(host, ctx, JH_LOG_INFO, jh_str_of("after the end"), jh_str_of(""));
             fail(rogue, ctx, "rogue.after", "after the end");
             remember(rogue,
                      to_json({{"output", host->run->output(host, ctx, JH_STREAM_STDOUT, "x", 1)},
                               {"progress", host->run->progress(host, ctx, 1, jh_str_of("x"))},
                               {"arg_i64", host->run->arg_i64(host, ctx, "megabytes", &number)},
                               {"wait_cancelled", host->run->wait_cancelled(host, ctx, 1000)},
                               {"off_cancel", host->run->off_cancel(host, ctx)}}));
         }));
    return JH_OK;
}

// Attempt succeeds; each call with a number that is no context is answered JH_E_STATE. Misbehaves.
jh_rc wrong_context(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    const jh_host* host = rogue.host;
    return report(rogue, ctx,
                  {{"zero", host->run->cancel_reason(host, 0)},
                   {"ones", host->run->cancel_reason(host, ~jh_ctx{0})},
                   {"neighbour", host->run->cancel_reason(host, ctx + 1)},
                   {"generation", host->run->cancel_reason(host, ctx + (jh_ctx{1} << 32U))}});
}

struct BlockedCancel {
    Rogue& rogue;
    jh_ctx ctx;
    Pause pause;
};

void JH_CALL block_cancel(void* user_data) {
    const std::unique_ptr<BlockedCancel> mine(static_cast<BlockedCancel*>(user_data));
    mine->pause.wait();
    complete(mine->rogue, mine->ctx, JH_CANCELLED);
}

// Stays in its cancel callback although that must not block. It alone is held up: the attempt ends
// by its time-out when the callback completes it.
jh_rc blocks_cancel(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    auto mine = std::make_unique<BlockedCancel>(BlockedCancel{rogue, ctx, Pause(rogue, ctx)});
    rogue.host->run->on_cancel(rogue.host, ctx, block_cancel, mine.release());
    return JH_PENDING;
}

// Holds a thread of the host although start must not. Attempt succeeds; the host stays responsive.
jh_rc slow_start(void* self, jh_ctx ctx, const jh_run_info*) {
    Pause(rogue_of(self), ctx).wait();
    return JH_OK;
}

// Looks at no cancellation. After the grace period the attempt is stuck and named so; it holds its
// thread until it returns. What it returns then counts: the work is done.
jh_rc ignores_cancel(void* self, jh_ctx ctx, const jh_run_info*) {
    Pause(rogue_of(self), ctx).wait();
    return JH_OK;
}

// Not broken: waits for the threads of the others and tells what they were answered.
jh_rc tell_what_was_seen(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    std::vector<std::thread> threads;
    {
        const std::lock_guard lock(rogue.mutex);
        threads.swap(rogue.threads);
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    const std::lock_guard lock(rogue.mutex);
    rogue.host->run->set_result(rogue.host, ctx, jh_str_of(rogue.seen.c_str()));
    return JH_OK;
}

}  // namespace

const std::array<Type, 14> kContexts = {{
    {"rogue.double-complete", double_complete, true},
    {"rogue.complete-and-fail", complete_and_fail, true},
    {"rogue.complete-in-run", complete_in_run, false},
    {"rogue.completes-with-garbage", completes_with_garbage, true},
    {"rogue.never-completes", never_completes, true},
    {"rogue.late-complete", late_complete, true},
    {"rogue.blocks-cancel", blocks_cancel, true},
    {"rogue.completes-after-end", completes_after_end, true},
    {"rogue.stale-context", stale_context, false},
    {"rogue.context-after-return", context_after_return, false},
    {"rogue.wrong-context", wrong_context, false},
    {"rogue.slow-start", slow_start, true},
    {"rogue.ignores-cancel", ignores_cancel, false},
    {"rogue.report", tell_what_was_seen, false},
}};
