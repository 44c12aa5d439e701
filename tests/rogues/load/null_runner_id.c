/* A runner without an id. The host refuses it. */
#define RUNNER_ID NULL
#include "sound.h"
