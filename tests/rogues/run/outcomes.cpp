#include <stdexcept>

#include "rogue.hpp"

namespace {

// Attempt fails: application, "exception", with the text and the plugin's name. Misbehaves.
jh_rc throws(void*, jh_ctx, const jh_run_info*) {
    throw std::runtime_error("thrown across the border");
}

// The same, and the text says that the type is unknown.
jh_rc throws_int(void*, jh_ctx, const jh_run_info*) { throw 42; }

// The same, out of start.
jh_rc start_throws(void*, jh_ctx, const jh_run_info*) {
    throw std::runtime_error("thrown across the border");
}

// Attempt fails: application, "unspecified", and names the plugin. Misbehaves.
jh_rc no_reason(void*, jh_ctx, const jh_run_info*) { return JH_FAILED; }

// The same for an attempt that waited.
jh_rc completes_without_reason(void* self, jh_ctx ctx, const jh_run_info*) {
    const jh_host* host = rogue_of(self).host;
    host->run->complete(host, ctx, JH_FAILED);
    return JH_PENDING;
}

// Attempt fails: application, "bad-outcome", with the number and the plugin's name. Misbehaves.
jh_rc bad_code(void*, jh_ctx, const jh_run_info*) { return 999; }

// The same: what a host function answered is no outcome.
jh_rc negative_code(void*, jh_ctx, const jh_run_info*) { return JH_E_LIMIT; }

// The same: only start may say so, and nobody would ever complete it.
jh_rc pending_from_run(void*, jh_ctx, const jh_run_info*) { return JH_PENDING; }

// The same: only a handler may say so.
jh_rc skips(void*, jh_ctx, const jh_run_info*) { return JH_SKIP; }

// Attempt fails as without a reason: nobody asked. Misbehaves.
jh_rc cancelled_unasked(void*, jh_ctx, const jh_run_info*) { return JH_CANCELLED; }

// Attempt fails with the first reason; the second one is logged.
jh_rc fails_twice(void* self, jh_ctx ctx, const jh_run_info*) {
    fail(rogue_of(self), ctx, "rogue.first", "the first reason");
    return fail(rogue_of(self), ctx, "rogue.second", "the second reason");
}

// Attempt fails for good: permanent wins over retryable.
jh_rc both_flags(void* self, jh_ctx ctx, const jh_run_info*) {
    return fail(rogue_of(self), ctx, "rogue.both", "retryable and permanent",
                JH_ERROR_RETRYABLE | JH_ERROR_PERMANENT, JH_CATEGORY_NETWORK);
}

// Attempt fails in category application.
jh_rc odd_category(void* self, jh_ctx ctx, const jh_run_info*) {
    return fail(rogue_of(self), ctx, "rogue.odd", "a category of the future", 0, 77);
}

// Attempt fails; the message that is kept is valid UTF-8, and a few KiB of the megabyte.
jh_rc bad_message(void* self, jh_ctx ctx, const jh_run_info*) {
    const std::string message = "bytes \xff\xfe\x01 and " + std::string(1'000'000, 'x');
    return fail(rogue_of(self), ctx, "rogue.bad-message", message.c_str());
}

}  // namespace

const std::array<Type, 14> kOutcomes = {{
    {"rogue.throws", throws, false},
    {"rogue.throws-int", throws_int, false},
    {"rogue.start-throws", start_throws, true},
    {"rogue.no-reason", no_reason, false},
    {"rogue.completes-without-reason", completes_without_reason, true},
    {"rogue.bad-code", bad_code, false},
    {"rogue.negative-code", negative_code, false},
    {"rogue.pending-from-run", pending_from_run, false},
    {"rogue.skips", skips, false},
    {"rogue.cancelled-unasked", cancelled_unasked, false},
    {"rogue.fails-twice", fails_twice, false},
    {"rogue.both-flags", both_flags, false},
    {"rogue.odd-category", odd_category, false},
    {"rogue.bad-message", bad_message, false},
}};
