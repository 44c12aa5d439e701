/* Its constructor aborts. Only the describing child dies; the host refuses the library and names
   the signal. */
#include <stdlib.h>

#include "sound.h"

__attribute__((constructor)) static void constructor(void) { abort(); }
