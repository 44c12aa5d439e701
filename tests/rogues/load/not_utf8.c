/* A display name that is not UTF-8. The host refuses it and names the field. */
#define PLUGIN_DISPLAY_NAME JH_TEXT("\xff\xfe")
#include "sound.h"
