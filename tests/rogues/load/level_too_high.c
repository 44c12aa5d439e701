/* Cannot live with less than level 99. The host refuses it and names both levels. */
#define PLUGIN_MIN_LEVEL 99
#define PLUGIN_TARGET_LEVEL 99
#include "sound.h"
