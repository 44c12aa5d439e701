/* Has no entry. The host refuses it and names the missing function. */
#define NO_ENTRY
#include "sound.h"
