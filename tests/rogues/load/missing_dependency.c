/* Needs a library that is not there. The loader refuses it; the host hands on the name. */
void rogue_dependency(void);
#define ENTRY_RESULT (rogue_dependency(), &plugin)
#include "sound.h"
