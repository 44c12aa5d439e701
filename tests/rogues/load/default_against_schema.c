/* A default that its own schema refuses. The host refuses it and names the parameter. */
#define PARAM_DEFAULT JH_TEXT("\"too long\"")
#define PARAM_SCHEMA JH_TEXT("{\"maxLength\":3}")
#include "sound.h"
