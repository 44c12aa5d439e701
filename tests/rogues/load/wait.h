/* Waits for a minute, or until the file that ROGUE_RELEASE names is there. */
#ifndef ROGUES_WAIT_H
#define ROGUES_WAIT_H

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

static inline void wait_for_release(void) {
    const char* release = getenv("ROGUE_RELEASE");
    for (int tenth = 0; tenth < 600; ++tenth) {
        if (release != NULL && access(release, F_OK) == 0) {
            break;
        }
        poll(NULL, 0, 100);
    }
}

#endif
