#pragma once

#include <map>
#include <string>

namespace jobhost::config {

/// The environment variables of this process, by name.
using Environment = std::map<std::string, std::string, std::less<>>;

}  // namespace jobhost::config
