/* Has the id of one that is loaded already. The host refuses it and shows the id. */
#define PLUGIN_ID "rogue.same-id"
#include "sound.h"
