/* Its init fails and gives no reason. The host refuses it and says just that. */
#include <jobhost/plugin.h>

static inline jh_rc JH_CALL init_fails_silently(const jh_host* host,
                                                jh_ctx ctx,
                                                jh_str config,
                                                void** self) {
    (void)host;
    (void)ctx;
    (void)config;
    (void)self;
    return JH_FAILED;
}

#define PLUGIN_INIT init_fails_silently
#include "sound.h"
