/* Nothing is wrong with this one. The host loads it, between all the others. */
#include "sound.h"
