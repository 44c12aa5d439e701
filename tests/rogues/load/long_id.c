/* An id of 128 bytes, one more than allowed. The host refuses it. */
#define EIGHT "12345678"
#define SIXTY_FOUR EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT
#define PLUGIN_ID SIXTY_FOUR SIXTY_FOUR
#include "sound.h"
