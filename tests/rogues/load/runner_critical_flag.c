/* A critical flag that nobody knows, on one of two runners. The host refuses that runner, and
   loads the plugin with the other. */
#define RUNNER_FLAGS 0x80000000u
#include "sound.h"
