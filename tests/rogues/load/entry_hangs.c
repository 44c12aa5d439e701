/* Its entry answers a host that only describes, and does not return to one that wants to run it
   until it is let go (wait.h). The host gives up after its time for an init and refuses this plugin
   alone: the loader itself is free. */
#include <jobhost/plugin.h>

#include "wait.h"

static inline void hang_in(const jh_host* host) {
    if (host->run != NULL) {
        wait_for_release();
    }
}

#define ENTRY_RESULT (hang_in(host), &plugin)
#include "sound.h"
