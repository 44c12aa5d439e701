/* Has a runner that another plugin brought already. The host refuses it and shows the id. */
#define RUNNER_ID "rogue.same-runner"
#include "sound.h"
