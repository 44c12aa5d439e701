/*
 * A sound plugin with one runner. A rogue defines what it wants to be different, then includes
 * this; so each of them has exactly the one defect that its file names. ROGUE_ID comes from CMake.
 */
#ifndef ROGUES_SOUND_H
#define ROGUES_SOUND_H

#include <jobhost/plugin.h>

#ifndef PLUGIN_SIZE
#define PLUGIN_SIZE JH_STRUCT_SIZE(jh_plugin)
#endif
#ifndef PLUGIN_FLAGS
#define PLUGIN_FLAGS 0
#endif
#ifndef PLUGIN_TARGET_LEVEL
#define PLUGIN_TARGET_LEVEL JH_TARGET_LEVEL
#endif
#ifndef PLUGIN_MIN_LEVEL
#define PLUGIN_MIN_LEVEL 1
#endif
#ifndef PLUGIN_ID
#define PLUGIN_ID ROGUE_ID
#endif
#ifndef PLUGIN_VERSION
#define PLUGIN_VERSION "1.0.0"
#endif
#ifndef PLUGIN_DISPLAY_NAME
#define PLUGIN_DISPLAY_NAME JH_TEXT("A rogue")
#endif
#ifndef PLUGIN_INIT
#define PLUGIN_INIT NULL
#endif

#ifndef RUNNER_SIZE
#define RUNNER_SIZE JH_STRUCT_SIZE(jh_runner)
#endif
#ifndef RUNNER_FLAGS
#define RUNNER_FLAGS 0
#endif
#ifndef RUNNER_ID
#define RUNNER_ID ROGUE_ID ".run"
#endif
#ifndef RUNNER_RUN
#define RUNNER_RUN succeed
#endif
#ifndef RUNNER_PARAM_COUNT
#define RUNNER_PARAM_COUNT 1
#endif
#ifndef RUNNER_PARAMS
#define RUNNER_PARAMS params
#endif

#ifndef PARAM_SIZE
#define PARAM_SIZE JH_STRUCT_SIZE(jh_param)
#endif
#ifndef PARAM_NAME
#define PARAM_NAME "text"
#endif
#ifndef PARAM_TYPE
#define PARAM_TYPE JH_PARAM_STRING
#endif
#ifndef PARAM_DEFAULT
#define PARAM_DEFAULT JH_TEXT("\"\"")
#endif
#ifndef PARAM_SCHEMA
#define PARAM_SCHEMA JH_TEXT("{\"maxLength\":100}")
#endif

#ifndef FIRST_RUNNER
#define FIRST_RUNNER &runner
#endif
#ifndef SECOND_RUNNER
#define SECOND_RUNNER &other_runner
#endif
#ifndef PLUGIN_RUNNERS
#define PLUGIN_RUNNERS runners
#endif

/* What the entry returns. */
#ifndef ENTRY_RESULT
#define ENTRY_RESULT &plugin
#endif

static inline jh_rc JH_CALL succeed(void* self, jh_ctx ctx, const jh_run_info* info) {
    (void)self;
    (void)ctx;
    (void)info;
    return JH_OK;
}

static const jh_param param = {
    .struct_size = PARAM_SIZE,
    .name = PARAM_NAME,
    .type = PARAM_TYPE,
    .default_json = PARAM_DEFAULT,
    .schema_json = PARAM_SCHEMA,
};
static const jh_param* const params[] = {&param};

static const jh_runner runner = {
    .struct_size = RUNNER_SIZE,
    .flags = RUNNER_FLAGS,
    .id = RUNNER_ID,
    .params = RUNNER_PARAMS,
    .param_count = RUNNER_PARAM_COUNT,
    .run = RUNNER_RUN,
};
static const jh_runner other_runner = {
    .struct_size = JH_STRUCT_SIZE(jh_runner),
    .id = ROGUE_ID ".other",
    .params = params,
    .param_count = 1,
    .run = succeed,
};

static const jh_runner* const runners[] = {FIRST_RUNNER, SECOND_RUNNER};

static const jh_plugin plugin = {
    .struct_size = PLUGIN_SIZE,
    .flags = PLUGIN_FLAGS,
    .target_level = PLUGIN_TARGET_LEVEL,
    .min_level = PLUGIN_MIN_LEVEL,
    .id = PLUGIN_ID,
    .version = PLUGIN_VERSION,
    .display_name = PLUGIN_DISPLAY_NAME,
    .runners = PLUGIN_RUNNERS,
    .runner_count = 2,
    .init = PLUGIN_INIT,
};

/* The same library under another version, for one that cannot make up its mind. */
#ifdef BOLDER_PLUGIN
static const jh_plugin bolder_plugin = {
    .struct_size = JH_STRUCT_SIZE(jh_plugin),
    .target_level = JH_TARGET_LEVEL,
    .min_level = 1,
    .id = PLUGIN_ID,
    .version = "2.0.0",
    .runners = runners,
    .runner_count = 2,
};
#endif

/* Whatever a rogue leaves out is still used, so that no compiler complains. */
static inline void use_all(void) {
    (void)plugin;
    (void)runners;
    (void)runner;
    (void)other_runner;
    (void)params;
    (void)succeed;
}

#ifndef NO_ENTRY
const jh_plugin* JH_CALL jobhost_plugin_v1(const jh_host* host) {
    (void)host;
    return ENTRY_RESULT;
}
#endif

#endif
