/* A struct_size that covers itself and nothing else. The host reads no further and refuses it. */
#define PLUGIN_SIZE 4
#include "sound.h"
