/* Says that it has two runners and gives no array. The host refuses it. */
#define PLUGIN_RUNNERS NULL
#include "sound.h"
