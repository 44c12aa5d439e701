/* A runner that says that it has a parameter and gives no array. The host refuses it. */
#define RUNNER_PARAMS NULL
#include "sound.h"
