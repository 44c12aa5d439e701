/* A min_level of 0: there is no such level. The host refuses it. */
#define PLUGIN_MIN_LEVEL 0
#include "sound.h"
