/* Two runners of the same id. The host refuses it and shows the id. */
#define SECOND_RUNNER &runner
#include "sound.h"
