/* Its constructor waits until the file that SLOW_CONSTRUCTOR names is there. */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <jobhost/plugin.h>

__attribute__((constructor)) static void wait_for_release(void) {
    const char* release = getenv("SLOW_CONSTRUCTOR");
    while (release != NULL && access(release, F_OK) != 0) {
        poll(NULL, 0, 5);
    }
}

static const jh_plugin plugin = {
    .struct_size = JH_STRUCT_SIZE(jh_plugin),
    .target_level = JH_TARGET_LEVEL,
    .min_level = 1,
    .id = "slow",
    .version = "1.0.0",
};

const jh_plugin* JH_CALL jobhost_plugin_v1(const jh_host* host) {
    (void)host;
    return &plugin;
}
