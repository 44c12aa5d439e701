/* Its init lets an exception out, which the border forbids. The host catches it and refuses the
   plugin. */
#include <jobhost/plugin.h>

void rogue_throw(void);

static inline jh_rc JH_CALL init_throws(const jh_host* host,
                                        jh_ctx ctx,
                                        jh_str config,
                                        void** self) {
    (void)host;
    (void)ctx;
    (void)config;
    (void)self;
    rogue_throw();
    return JH_OK;
}

#define PLUGIN_INIT init_throws
#include "sound.h"
