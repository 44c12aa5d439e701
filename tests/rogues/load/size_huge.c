/* Says that it reaches over 4 GB. The host refuses it without looking there. */
#define PLUGIN_SIZE 0xfffffff8u
#include "sound.h"
