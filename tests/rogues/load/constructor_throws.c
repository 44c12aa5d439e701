/* Its constructor lets an exception out. Only the describing child dies; the host refuses the
   library and names the signal. */
#include "sound.h"

void rogue_throw(void);
__attribute__((constructor)) static void constructor(void) { rogue_throw(); }
