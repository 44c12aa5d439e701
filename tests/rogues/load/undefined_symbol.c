/* Needs a function that nobody has. The loader refuses it; the host hands on the name. */
void rogue_absent_function(void);
#define ENTRY_RESULT (rogue_absent_function(), &plugin)
#include "sound.h"
