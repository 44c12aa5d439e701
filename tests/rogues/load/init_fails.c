/* Its init says why it does not want to. The host refuses it with that sentence. */
#include <jobhost/plugin.h>

static inline jh_rc JH_CALL init_fails(const jh_host* host,
                                       jh_ctx ctx,
                                       jh_str config,
                                       void** self) {
    (void)config;
    (void)self;
    jh_error error = {0};
    error.struct_size = JH_STRUCT_SIZE(jh_error);
    error.category = JH_CATEGORY_BUSINESS;
    error.type = jh_str_of("rogue.moody");
    error.message = jh_str_of("the rogue does not want to");
    host->fail(host, ctx, &error);
    return JH_FAILED;
}

#define PLUGIN_INIT init_fails
#include "sound.h"
