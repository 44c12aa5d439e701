/* A parameter of size 0. The host refuses it and names the field. */
#define PARAM_SIZE 0
#include "sound.h"
