/* Nothing is wrong with it until the process ends: its destructor never returns. The host ends all
   the same. */
#include <unistd.h>

#include "sound.h"

__attribute__((destructor)) static void stay(void) {
    for (;;) {
        pause();
    }
}
