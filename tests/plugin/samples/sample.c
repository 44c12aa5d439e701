/*
 * A plugin that does what its configuration says, one word for each wish, and keeps a journal of
 * the calls it gets in the file that `journal` names:
 *
 *   {"journal": "FILE", "restless": true, "hang": "quiesce"}
 *
 * restless: changes the process while it is initialised. hang: waits in that slot for the file
 * FILE.release, and takes it away.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jobhost/plugin.h>
#include <locale.h>
#include <stdatomic.h>

struct sample {
    const jh_host* host;
    char journal[512];
    char hang[32];
};

/* One for each init; never given back, since a test may leave one behind on purpose. */
static struct sample samples[32];
static atomic_uint used;

static void on_signal(int number) { (void)number; }

static void note(const struct sample* self, const char* line) {
    FILE* file = fopen(self->journal, "a");
    if (file != NULL) {
        fprintf(file, "%s\n", line);
        fclose(file);
    }
}

static void hang_in(const struct sample* self, const char* slot) {
    char release[600];
    if (strcmp(self->hang, slot) != 0) {
        return;
    }
    snprintf(release, sizeof release, "%s.release", self->journal);
    while (unlink(release) != 0) {
        poll(NULL, 0, 5);
    }
}

/* The text of `"key":"…"` in the configuration, as the test writes it: no escapes, no spaces. */
static void read_text(jh_str config, const char* key, char* into, size_t size) {
    char pattern[64];
    const int length = snprintf(pattern, sizeof pattern, "\"%s\":\"", key);
    into[0] = '\0';
    for (size_t i = 0; i + (size_t)length < config.len; ++i) {
        if (memcmp(config.ptr + i, pattern, (size_t)length) == 0) {
            size_t n = 0;
            const char* from = config.ptr + i + length;
            while (from + n < config.ptr + config.len && from[n] != '"' && n + 1 < size) {
                into[n] = from[n];
                ++n;
            }
            into[n] = '\0';
        }
    }
}

static int is_restless(jh_str config) {
    return memmem(config.ptr, config.len, "\"restless\":true", 15) != NULL;
}

static jh_rc JH_CALL init(const jh_host* host, jh_ctx ctx, jh_str config, void** self_out) {
    struct sample* self = &samples[atomic_fetch_add(&used, 1)];
    (void)ctx;
    self->host = host;
    read_text(config, "journal", self->journal, sizeof self->journal);
    read_text(config, "hang", self->hang, sizeof self->hang);
    *self_out = self;
    note(self, "init");
    if (is_restless(config)) {
        signal(SIGUSR2, on_signal);
        umask(0);
        setlocale(LC_ALL, "C.UTF-8");
        if (chdir("/") != 0) {
            note(self, "no chdir");
        }
    }
    hang_in(self, "init");
    return JH_OK;
}

static void JH_CALL quiesce(void* self) {
    note(self, "quiesce");
    hang_in(self, "quiesce");
}

static void JH_CALL deinit(void* self) {
    note(self, "deinit");
    hang_in(self, "deinit");
}

static jh_rc JH_CALL echo(void* self_pointer, jh_ctx ctx, const jh_run_info* info) {
    const struct sample* self = self_pointer;
    return self->host->run->set_result(self->host, ctx, info->args_json);
}

/* Never completes by itself. */
static jh_rc JH_CALL wait_for_ever(void* self, jh_ctx ctx, const jh_run_info* info) {
    (void)self;
    (void)ctx;
    (void)info;
    return JH_PENDING;
}

/* Stays inside until there is FILE.release, and takes it away. */
static jh_rc JH_CALL stay(void* self_pointer, jh_ctx ctx, const jh_run_info* info) {
    struct sample inside = *(const struct sample*)self_pointer;
    (void)ctx;
    (void)info;
    note(&inside, "stay");
    strcpy(inside.hang, "stay");
    hang_in(&inside, "stay");
    return JH_OK;
}

static const jh_runner echo_runner = {.struct_size = JH_STRUCT_SIZE(jh_runner),
                                      .id = "sample.echo",
                                      .run = echo};
static const jh_runner wait_runner = {.struct_size = JH_STRUCT_SIZE(jh_runner),
                                      .id = "sample.wait",
                                      .start = wait_for_ever};
static const jh_runner stay_runner = {.struct_size = JH_STRUCT_SIZE(jh_runner),
                                      .id = "sample.stay",
                                      .run = stay};
static const jh_runner* const runners[] = {&echo_runner, &wait_runner, &stay_runner};

static const jh_plugin plugin = {
    .struct_size = JH_STRUCT_SIZE(jh_plugin),
    .target_level = JH_TARGET_LEVEL,
    .min_level = 1,
    .id = "sample",
    .version = "1.2.3",
    .runners = runners,
    .runner_count = 3,
    .init = init,
    .quiesce = quiesce,
    .deinit = deinit,
};

const jh_plugin* JH_CALL jobhost_plugin_v1(const jh_host* host) {
    (void)host;
    return &plugin;
}
