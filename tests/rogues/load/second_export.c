/* Exports a second function. The host refuses it and names the function: with two plugins of its
   kind, each could call the other's. */
#include "sound.h"

JH_EXPORT int rogue_second_export(void);
int rogue_second_export(void) { return 1; }
