/* Its init changes what belongs to the whole process. The host loads it, puts everything back, and
   counts the plugin as misbehaving. */
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jobhost/plugin.h>
#include <locale.h>

static inline jh_rc JH_CALL init_changes_process(const jh_host* host,
                                                 jh_ctx ctx,
                                                 jh_str config,
                                                 void** self) {
    (void)host;
    (void)ctx;
    (void)config;
    (void)self;
    signal(SIGTERM, SIG_IGN);
    umask(0);
    setlocale(LC_ALL, "C.UTF-8");
    return chdir("/proc") == 0 ? JH_OK : JH_FAILED;
}

#define PLUGIN_INIT init_changes_process
#include "sound.h"
