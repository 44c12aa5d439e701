#pragma once

#include <string_view>

#include "http/guard.hpp"
#include "http/router.hpp"
#include "http/service.hpp"

namespace jobhost::http {

/// Whom a listener serves.
enum class Audience {
    Programs,  ///< a parameter that a route does not have is an error; every request is logged
    Monitors,  ///< must not fail because they ask for more than is known, nor fill the log
};

/// What one listener serves: the guard, then the route, then its handler; counts, logs, and turns
/// every error into a problem document. No exception passes it.
class Site final : public Service {
public:
    /// What is referred to must outlive it.
    Site(Guard guard, Router router, Audience audience, const Services& services, JobWaits& waits);

    [[nodiscard]] base::Result<std::size_t> admit(const Head& head,
                                                  const Endpoint& local) const override;
    [[nodiscard]] Response refuse(const base::Error& error,
                                  std::string_view method,
                                  std::string_view request_id) override;
    [[nodiscard]] Reply answer(const Request& request) noexcept override;

private:
    [[nodiscard]] Answer handle(const Request& request, const Match& match);
    void record(const Request& request, std::string_view route, int status);
    void count(std::string_view route, std::string_view method, int status);

    Guard guard_;
    Router router_;
    Audience audience_;
    const Services& services_;
    JobWaits& waits_;
};

}  // namespace jobhost::http
