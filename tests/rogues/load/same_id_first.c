/* Has the same id as the next one in the order of names. The host loads this one. */
#define PLUGIN_ID "rogue.same-id"
#include "sound.h"
