/* A size that is no multiple of 8. The host refuses it and names the field. */
#define PLUGIN_SIZE (JH_STRUCT_SIZE(jh_plugin) + 1)
#include "sound.h"
