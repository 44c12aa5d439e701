/* Says another version of itself to a host that offers something than to one that only describes.
 */
#include <jobhost/plugin.h>

static jh_rc JH_CALL run(void* self, jh_ctx ctx, const jh_run_info* info) {
    (void)self;
    (void)ctx;
    (void)info;
    return JH_OK;
}

static const jh_runner runner = {.struct_size = JH_STRUCT_SIZE(jh_runner),
                                 .id = "changeling.run",
                                 .run = run};
static const jh_runner* const runners[] = {&runner};

#define DESCRIPTION(its_version)                                                                   \
    {                                                                                              \
        .struct_size = JH_STRUCT_SIZE(jh_plugin), .target_level = JH_TARGET_LEVEL, .min_level = 1, \
        .id = "changeling", .version = its_version, .runners = runners, .runner_count = 1,         \
    }

static const jh_plugin described = DESCRIPTION("1.0.0");
static const jh_plugin live = DESCRIPTION("6.6.6");

const jh_plugin* JH_CALL jobhost_plugin_v1(const jh_host* host) {
    return host->run == NULL ? &described : &live;
}
