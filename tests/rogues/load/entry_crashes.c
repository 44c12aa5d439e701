/* Its entry reads through a null pointer. Only the describing child dies; the host refuses the
   library and names the signal. */

#define NO_ENTRY
#include "sound.h"

const jh_plugin* JH_CALL jobhost_plugin_v1(const jh_host* host) {
    const jh_plugin* const volatile* nowhere = NULL;
    (void)host;
    return *nowhere;
}
