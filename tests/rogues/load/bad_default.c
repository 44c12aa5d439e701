/* A default that is no JSON. The host refuses it and names the parameter. */
#define PARAM_DEFAULT JH_TEXT("{nope")
#include "sound.h"
