/*
 * The smallest plugin in C that does something: two runners, one that can be cancelled and one that
 * writes output and a result. Rename the ids, keep what you need.
 */
#include <stdio.h>
#include <stdlib.h>

#include <inttypes.h>
#include <jobhost/plugin.h>

/* What `self` points to. Made by init, given to every other function, freed by deinit. */
struct example {
    const jh_host* host;
};

/* Tells why, and answers what to return. */
static jh_rc fail(const struct example* self,
                  jh_ctx ctx,
                  uint32_t category,
                  const char* type,
                  const char* message) {
    jh_error error = {0};
    error.struct_size = JH_STRUCT_SIZE(jh_error);
    error.category = category;
    error.type = jh_str_of(type);
    error.message = jh_str_of(message);
    self->host->fail(self->host, ctx, &error);
    return JH_FAILED;
}

/* ---- example.sleep -------------------------------------------------------------------------- */

static const jh_param sleep_seconds = {
    .struct_size = JH_STRUCT_SIZE(jh_param),
    .flags = JH_PARAM_REQUIRED,
    .name = "seconds",
    .display_name = JH_TEXT("Seconds"),
    .description = JH_TEXT("How long to sleep."),
    .type = JH_PARAM_NUMBER,
    .schema_json = JH_TEXT("{\"minimum\":0,\"maximum\":86400}"),
};

static const jh_param* const sleep_params[] = {&sleep_seconds};

/* Sleeps in a hundred steps, so that the progress moves, and wakes at once when it is cancelled. */
static jh_rc JH_CALL run_sleep(void* self_pointer, jh_ctx ctx, const jh_run_info* info) {
    const struct example* self = self_pointer;
    const jh_host* host = self->host;
    double seconds = 0;
    (void)info;

    if (host->run->arg_f64(host, ctx, "seconds", &seconds) != JH_OK) {
        return fail(self, ctx, JH_CATEGORY_BUSINESS, "argument", "seconds is missing");
    }
    const uint64_t total_ms = (uint64_t)(seconds * 1000);
    uint64_t slept_ms = 0;
    for (uint64_t step = 0; step < 100; ++step) {
        host->run->progress(host, ctx, (uint32_t)(step * 100), jh_str_of("sleeping"));
        const uint64_t until_ms = total_ms * (step + 1) / 100;
        if (host->run->wait_cancelled(host, ctx, (uint32_t)(until_ms - slept_ms)) !=
            JH_CANCEL_NONE) {
            return JH_CANCELLED;
        }
        slept_ms = until_ms;
    }

    char result[64];
    snprintf(result, sizeof(result), "{\"slept_ms\":%" PRIu64 "}", slept_ms);
    host->run->set_result(host, ctx, jh_str_of(result));
    return JH_OK;
}

static const jh_runner sleep_runner = {
    .struct_size = JH_STRUCT_SIZE(jh_runner),
    .id = "example.sleep",
    .display_name = JH_TEXT("Sleep"),
    .description = JH_TEXT("Does nothing for a while."),
    .params = sleep_params,
    .param_count = 1,
    .run = run_sleep,
};

/* ---- example.print -------------------------------------------------------------------------- */

static const jh_param print_text = {
    .struct_size = JH_STRUCT_SIZE(jh_param),
    .flags = JH_PARAM_REQUIRED,
    .name = "text",
    .display_name = JH_TEXT("Text"),
    .description = JH_TEXT("What to write into the output."),
    .type = JH_PARAM_TEXT,
};

static const jh_param print_to_stderr = {
    .struct_size = JH_STRUCT_SIZE(jh_param),
    .name = "to_stderr",
    .display_name = JH_TEXT("To stderr"),
    .description = JH_TEXT("Writes to the second stream instead of the first."),
    .type = JH_PARAM_BOOL,
    .default_json = JH_TEXT("false"),
};

static const jh_param* const print_params[] = {&print_text, &print_to_stderr};

static jh_rc JH_CALL run_print(void* self_pointer, jh_ctx ctx, const jh_run_info* info) {
    const struct example* self = self_pointer;
    const jh_host* host = self->host;
    jh_str text = {NULL, 0};
    int32_t to_stderr = 0;
    (void)info;

    if (host->run->arg_str(host, ctx, "text", &text) != JH_OK) {
        return fail(self, ctx, JH_CATEGORY_BUSINESS, "argument", "text is missing");
    }
    host->run->arg_bool(host, ctx, "to_stderr", &to_stderr);
    const uint32_t stream = to_stderr ? JH_STREAM_STDERR : JH_STREAM_STDOUT;
    host->run->output(host, ctx, stream, text.ptr, text.len);
    host->run->output(host, ctx, stream, "\n", 1);

    char result[64];
    snprintf(result, sizeof(result), "{\"bytes\":%zu}", text.len + 1);
    host->run->set_result(host, ctx, jh_str_of(result));
    return JH_OK;
}

static const jh_runner print_runner = {
    .struct_size = JH_STRUCT_SIZE(jh_runner),
    .id = "example.print",
    .display_name = JH_TEXT("Print"),
    .description = JH_TEXT("Writes a text into the output."),
    .params = print_params,
    .param_count = 2,
    .run = run_print,
};

/* ---- the plugin ----------------------------------------------------------------------------- */

static const jh_runner* const runners[] = {&sleep_runner, &print_runner};

static jh_rc JH_CALL init(const jh_host* host, jh_ctx ctx, jh_str config_json, void** self) {
    struct example* made = malloc(sizeof(*made));
    (void)config_json;
    if (made == NULL) {
        const struct example on_stack = {host};
        return fail(&on_stack, ctx, JH_CATEGORY_SYSTEM, "memory", "out of memory");
    }
    made->host = host;
    *self = made;
    return JH_OK;
}

static void JH_CALL deinit(void* self) { free(self); }

static const jh_plugin plugin = {
    .struct_size = JH_STRUCT_SIZE(jh_plugin),
    .target_level = JH_TARGET_LEVEL,
    .min_level = 1,
    .id = "example.c",
    .version = "1.0.0",
    .display_name = JH_TEXT("Examples in C"),
    .description = JH_TEXT("A runner that sleeps and one that prints."),
    .license = JH_TEXT("MIT"),
    .runners = runners,
    .runner_count = 2,
    .init = init,
    .deinit = deinit,
};

const jh_plugin* JH_CALL jobhost_plugin_v1(const jh_host* host) {
    (void)host;
    return &plugin;
}
