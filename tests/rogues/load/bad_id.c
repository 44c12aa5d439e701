/* An id outside of the grammar. The host refuses it and shows the id. */
#define PLUGIN_ID "Rogue id!"
#include "sound.h"
