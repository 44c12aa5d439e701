// What the C rogues call to throw.
#include <stdexcept>

#include <jobhost/plugin.h>

extern "C" {
void rogue_throw();
const jh_plugin* rogue_throw_in_entry();
}

void rogue_throw() { throw std::runtime_error("thrown across the border"); }

const jh_plugin* rogue_throw_in_entry() { throw std::runtime_error("thrown across the border"); }
