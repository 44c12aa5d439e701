#include "rogue.hpp"

namespace {

// Attempt succeeds; no JSON is answered JH_E_INVALID, as the result says.
jh_rc bad_result(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    const jh_host* host = rogue.host;
    const auto set = [&](const char* json) {
        return host->run->set_result(host, ctx, jh_str_of(json));
    };
    return report(rogue, ctx,
                  {{"open", set("{nope")},
                   {"empty", set("")},
                   {"two", set("{} {}")},
                   {"bytes", set("\"\xff\"")}});
}

// Attempt succeeds; more than 64 KiB is answered JH_E_LIMIT, as the result says.
jh_rc huge_result(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    const std::string huge = '"' + std::string(64 * 1024, 'x') + '"';
    const jh_rc rc = rogue.host->run->set_result(rogue.host, ctx, jh_str_of(huge.c_str()));
    return report(rogue, ctx, {{"set_result", rc}});
}

// Attempt succeeds; of the `megabytes` of output the host keeps the beginning and the end, and its
// memory does not grow by what it does not keep.
jh_rc floods(void* self, jh_ctx ctx, const jh_run_info*) {
    const jh_host* host = rogue_of(self).host;
    std::int64_t megabytes = 0;
    host->run->arg_i64(host, ctx, "megabytes", &megabytes);
    host->run->output(host, ctx, JH_STREAM_STDOUT, "begin\n", 6);
    const std::string megabyte(1024 * 1024, '.');
    for (std::int64_t i = 0; i < megabytes; ++i) {
        host->run->output(host, ctx, JH_STREAM_STDOUT, megabyte.data(), megabyte.size());
    }
    host->run->output(host, ctx, JH_STREAM_STDOUT, "\nend\n", 5);
    return JH_OK;
}

// Attempt succeeds; of a hundred thousand lines the log gets a few, and how many were left out.
jh_rc floods_log(void* self, jh_ctx ctx, const jh_run_info*) {
    const jh_host* host = rogue_of(self).host;
    for (int i = 0; i < 100'000; ++i) {
        host->log(host, ctx, JH_LOG_INFO, jh_str_of("rogue line"), jh_str_of("{}"));
    }
    return JH_OK;
}

// Attempt succeeds; a hundred thousand notes of progress cost next to nothing.
jh_rc floods_progress(void* self, jh_ctx ctx, const jh_run_info*) {
    const jh_host* host = rogue_of(self).host;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        host->run->progress(host, ctx, i / 10, jh_str_of("rogue note"));
    }
    return JH_OK;
}

// Attempt succeeds; each null pointer is answered JH_E_INVALID, as the result says. Misbehaves.
jh_rc null_pointers(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    const jh_host* host = rogue.host;
    std::int64_t number = 0;
    const jh_str no_text = {nullptr, 10};
    host->fail(host, ctx, nullptr);
    host->log(host, ctx, JH_LOG_INFO, no_text, no_text);
    return report(rogue, ctx,
                  {{"arg_name", host->run->arg_i64(host, ctx, nullptr, &number)},
                   {"arg_out", host->run->arg_i64(host, ctx, "megabytes", nullptr)},
                   {"str_out", host->run->arg_str(host, ctx, "release", nullptr)},
                   {"output", host->run->output(host, ctx, JH_STREAM_STDOUT, nullptr, 10)},
                   {"result", host->run->set_result(host, ctx, no_text)},
                   {"on_cancel", host->run->on_cancel(host, ctx, nullptr, nullptr)}});
}

// Attempt succeeds; what is out of range is answered JH_E_INVALID, as the result says.
jh_rc out_of_range(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    const jh_host* host = rogue.host;
    return report(rogue, ctx,
                  {{"stream", host->run->output(host, ctx, 3, "x", 1)},
                   {"progress", host->run->progress(host, ctx, 10'001, jh_str_of(""))}});
}

// Attempt succeeds; an argument of another type is answered JH_E_INVALID, one that nobody declared
// or gave JH_E_ABSENT, and nothing is written, as the result says.
jh_rc wrong_arguments(void* self, jh_ctx ctx, const jh_run_info*) {
    Rogue& rogue = rogue_of(self);
    const jh_host* host = rogue.host;
    std::int64_t number = 4711;
    jh_str text = {nullptr, 0};
    const jh_rc as_number = host->run->arg_i64(host, ctx, "release", &number);
    const jh_rc as_text = host->run->arg_str(host, ctx, "megabytes", &text);
    const jh_rc absent = host->run->arg_i64(host, ctx, "nobody", &number);
    return report(rogue, ctx,
                  {{"as_number", as_number},
                   {"as_text", as_text},
                   {"absent", absent},
                   {"untouched", number == 4711 && text.ptr == nullptr ? 1 : 0}});
}

}  // namespace

const std::array<Type, 8> kCalls = {{
    {"rogue.bad-result", bad_result, false},
    {"rogue.huge-result", huge_result, false},
    {"rogue.floods", floods, false},
    {"rogue.floods-log", floods_log, false},
    {"rogue.floods-progress", floods_progress, false},
    {"rogue.null-pointers", null_pointers, false},
    {"rogue.out-of-range", out_of_range, false},
    {"rogue.wrong-arguments", wrong_arguments, false},
}};
