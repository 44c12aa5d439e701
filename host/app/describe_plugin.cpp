#include "app/describe_plugin.hpp"

#include "isolate/describe_child.hpp"
#include "plugin/options.hpp"

namespace jobhost::app {

base::Result<std::string> describe_plugin(const std::filesystem::path& file) {
    isolate::DescribeChild child(plugin::Options{}.describe_timeout);
    return child.describe(std::filesystem::absolute(file));
}

}  // namespace jobhost::app
