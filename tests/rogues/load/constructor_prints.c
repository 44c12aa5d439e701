/* Its constructor writes to both standard streams, as libraries do that greet. The host loads
   it: the description does not travel where a library prints. */
#include <stdio.h>

#include "sound.h"

__attribute__((constructor)) static void constructor(void) {
    puts("{\"id\":\"rogue.lie\"}");
    fflush(stdout);
    fputs("rogue: hello\n", stderr);
}
