/* Its constructor ends the process as if all were well. Only the describing child ends; the host
   refuses the library because the description is missing. */
#include <stdlib.h>

#include "sound.h"

__attribute__((constructor)) static void constructor(void) { exit(0); }
