/* Says one thing to the process that describes it and another to the host. The host compares, and
   refuses it. */
#include <stdio.h>
#include <string.h>

static inline int is_described(void) {
    char program[32] = {0};
    FILE* file = fopen("/proc/self/comm", "r");
    if (file != NULL) {
        if (fgets(program, sizeof(program), file) == NULL) {
            program[0] = 0;
        }
        fclose(file);
    }
    return strncmp(program, "jobhost-child", strlen("jobhost-child")) == 0;
}

#define ENTRY_RESULT is_described() ? &plugin : &bolder_plugin
#define BOLDER_PLUGIN
#include "sound.h"
