/* No version. The host refuses it and names the field. */
#define PLUGIN_VERSION NULL
#include "sound.h"
