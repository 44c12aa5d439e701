# Run at build time: writes OUTPUT, and only when it changed.
set(revision "")
if(ASK)
    execute_process(
        COMMAND git -c safe.directory=* -C ${SOURCE_DIR} describe --always --dirty --abbrev=12 --exclude=*
        OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#include "base/version.hpp"

namespace jobhost::base {

const std::string_view kRevision = "@revision@";

}  // namespace jobhost::base
]])
