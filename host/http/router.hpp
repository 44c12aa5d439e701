#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "http/job_waits.hpp"
#include "http/query.hpp"
#include "http/request.hpp"
#include "http/services.hpp"

namespace jobhost::http {

/// A request that found its handler.
struct Call {
    const Services& services;
    JobWaits& waits;
    const Request& request;
    const Query& query;
    const std::vector<std::string>& path;  ///< what stood at the `{…}` of the pattern, in order
};

/// An error becomes a problem document.
using Answer = std::variant<Response, Wait, base::Error>;

/// [pool], may block
using Handler = Answer (*)(const Call&);

struct Route {
    std::string_view method;   ///< GET answers HEAD as well
    std::string_view pattern;  ///< `/jobs/{id}`; `{+id}` at the end takes all that is left
    std::vector<std::string_view> parameters;  ///< that its query may have
    Handler handler;
};

/// What a path and a method lead to.
struct Match {
    const Route* route = nullptr;
    std::vector<std::string> path;
    std::string allowed;  ///< when only the method is wrong: those that are right, for Allow
};

/// A fixed table of routes.
class Router {
public:
    explicit Router(std::vector<Route> routes);

    [[nodiscard]] Match find(std::string_view method,
                             const std::vector<std::string>& segments) const;
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

private:
    std::vector<Route> routes_;
};

}  // namespace jobhost::http
