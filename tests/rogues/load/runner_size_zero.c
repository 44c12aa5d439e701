/* A runner of size 0. The host refuses it and names the runner and the field. */
#define RUNNER_SIZE 0
#include "sound.h"
