/* A struct_size of 0: shorter than level 1. The host refuses it and names the field. */
#define PLUGIN_SIZE 0
#include "sound.h"
