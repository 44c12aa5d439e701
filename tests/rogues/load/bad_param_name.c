/* A parameter name outside of the grammar. The host refuses it and shows the name. */
#define PARAM_NAME "Rogue name"
#include "sound.h"
