/* Its init does not return for a minute, or until the file that ROGUE_RELEASE names is there.
   The host gives up after its time for an init, refuses the plugin and goes on without it. */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <jobhost/plugin.h>

static inline jh_rc JH_CALL init_hangs(const jh_host* host,
                                       jh_ctx ctx,
                                       jh_str config,
                                       void** self) {
    (void)host;
    (void)ctx;
    (void)config;
    (void)self;
    const char* release = getenv("ROGUE_RELEASE");
    for (int tenth = 0; tenth < 600; ++tenth) {
        if (release != NULL && access(release, F_OK) == 0) {
            break;
        }
        poll(NULL, 0, 100);
    }
    return JH_OK;
}

#define PLUGIN_INIT init_hangs
#include "sound.h"
