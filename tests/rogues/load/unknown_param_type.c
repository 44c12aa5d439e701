/* A parameter of a type from the future. The host loads it and takes the parameter for JSON. */
#define PARAM_TYPE 4711
#define PARAM_DEFAULT JH_TEXT("{}")
#define PARAM_SCHEMA JH_TEXT("")
#include "sound.h"
