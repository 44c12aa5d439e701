/* One slot shorter than level 1. The host refuses it and names the field. */
#define PLUGIN_SIZE (JH_STRUCT_SIZE(jh_plugin) - 8)
#include "sound.h"
