/* Its entry lets an exception out, which the border forbids. The describing child catches it or
   dies of it; the host refuses the library. */
#include <jobhost/plugin.h>

const jh_plugin* rogue_throw_in_entry(void);

#define ENTRY_RESULT rogue_throw_in_entry()
#include "sound.h"
