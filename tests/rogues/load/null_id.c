/* No id. The host refuses it and names the field. */
#define PLUGIN_ID NULL
#include "sound.h"
