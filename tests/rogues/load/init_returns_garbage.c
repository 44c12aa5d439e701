/* Its init returns a number that means nothing. The host refuses it and shows the number. */
#include <jobhost/plugin.h>

static inline jh_rc JH_CALL init_returns_garbage(const jh_host* host,
                                                 jh_ctx ctx,
                                                 jh_str config,
                                                 void** self) {
    (void)host;
    (void)ctx;
    (void)config;
    (void)self;
    return 999;
}

#define PLUGIN_INIT init_returns_garbage
#include "sound.h"
