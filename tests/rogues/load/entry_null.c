/* Refuses every host. The host says so. */
#define ENTRY_RESULT NULL
#include "sound.h"
