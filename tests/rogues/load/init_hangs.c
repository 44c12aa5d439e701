/* Its init does not return until it is let go (wait.h). The host gives up after its time for an
   init, refuses the plugin and goes on without it. */
#include <jobhost/plugin.h>

#include "wait.h"

static inline jh_rc JH_CALL init_hangs(const jh_host* host,
                                       jh_ctx ctx,
                                       jh_str config,
                                       void** self) {
    (void)host;
    (void)ctx;
    (void)config;
    (void)self;
    wait_for_release();
    return JH_OK;
}

#define PLUGIN_INIT init_hangs
#include "sound.h"
