/* A null pointer among its runners. The host refuses it. */
#define SECOND_RUNNER NULL
#include "sound.h"
