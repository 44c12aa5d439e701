#include "fault.hpp"

#include <system_error>

namespace jobhost::shell {

Fault bad_request(std::string message) {
    return {Category::Business, Retry::Useless, "shell.arguments", std::move(message)};
}

Fault short_of_resources(const std::string& doing, int error_number) {
    return {Category::System, Retry::Worthwhile, "shell.resources",
            "cannot " + doing + ": " + std::generic_category().message(error_number), error_number};
}

}  // namespace jobhost::shell
