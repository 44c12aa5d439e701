/* A runner id outside of the grammar. The host refuses it and shows the id. */
#define RUNNER_ID "Rogue Runner"
#include "sound.h"
