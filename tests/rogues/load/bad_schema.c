/* A schema that is no JSON. The host refuses it and names the parameter. */
#define PARAM_SCHEMA JH_TEXT("[1,")
#include "sound.h"
