#include "cli/session.hpp"

namespace jobhost::cli {

base::Result<ApiClient> Session::client(const Arguments& arguments) const {
    if (const auto address = arguments.text("--host")) {
        return ApiClient::open(*address);
    }
    const auto found = environment_.find("JOBHOST_HOST");
    const bool named = found != environment_.end() && !found->second.empty();
    return ApiClient::open(named ? std::string_view(found->second) : kDefaultHost);
}

}  // namespace jobhost::cli
