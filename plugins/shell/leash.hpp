#pragma once

namespace jobhost::shell {

/// The descriptor that the host wants kept open by whatever outlives it, so that its successor can
/// tell. `text` is the value of JOBHOST_LEASH_FD and may be null. -1 when there is none, or when
/// nothing is open under that number.
int leash_descriptor(const char* text);

}  // namespace jobhost::shell
