/* A critical flag that nobody knows, on the plugin. The host refuses it and names the flags. */
#define PLUGIN_FLAGS 0x80000000u
#include "sound.h"
