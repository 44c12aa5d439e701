#pragma once

#include <string_view>

#include "http/guard.hpp"
#include "http/router.hpp"
#include "http/service.hpp"

namespace jobhost::http {

/// What becomes of parameters that a route does not have.
enum class UnknownParameters {
    Refused,
    Ignored,  ///< a probe must not fail because somebody asks for more than it knows
};

/// What one listener serves: the guard, then the route, then its handler; counts, logs, and turns
/// every error into a problem document. No exception passes it.
class Site final : public Service {
public:
    /// What is referred to must outlive it.
    Site(Guard guard,
         Router router,
         UnknownParameters unknown_parameters,
         const Services& services,
         JobWaits& waits);

    [[nodiscard]] base::Result<std::size_t> admit(const Head& head,
                                                  const Endpoint& local) const override;
    [[nodiscard]] Response refuse(const base::Error& error,
                                  std::string_view method,
                                  std::string_view request_id) override;
    [[nodiscard]] Reply answer(const Request& request) noexcept override;

private:
    [[nodiscard]] Answer handle(const Request& request, const Match& match);
    void record(std::string_view route, std::string_view method, int status);

    Guard guard_;
    Router router_;
    UnknownParameters unknown_parameters_;
    const Services& services_;
    JobWaits& waits_;
};

}  // namespace jobhost::http
