/* A runner with neither run nor start. The host refuses it and shows the id. */
#define RUNNER_RUN NULL
#include "sound.h"
