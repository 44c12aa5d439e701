// Boost.JSON as a part of the plugin and not as a shared library, so that the plugin loads into any
// host, whatever version of the library that one has.
#include <boost/json/src.hpp>
