/* An advisory flag that nobody knows. The host ignores it and loads the plugin. */
#define PLUGIN_FLAGS 0x8000u
#include "sound.h"
