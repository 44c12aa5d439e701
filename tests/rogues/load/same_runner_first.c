/* Has a runner of the same id as the next one. The host loads this one. */
#define RUNNER_ID "rogue.same-runner"
#include "sound.h"
