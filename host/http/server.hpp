#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/options.hpp"
#include "http/services.hpp"

namespace jobhost::http {

/// The two listeners: probes with a pool of their own, and the API. They serve from `open` until
/// the object goes.
class Server {
public:
    /// Binds every address; one that is taken is an error that names it. While the API has no
    /// authentication an address beyond loopback is refused.
    [[nodiscard]] static base::Result<std::unique_ptr<Server>> open(const Options& options,
                                                                    Services services);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// The addresses in use, with the ports that the system chose: `127.0.0.1:7460`.
    [[nodiscard]] const std::vector<std::string>& api_addresses() const;
    [[nodiscard]] const std::vector<std::string>& probe_addresses() const;

private:
    struct State;
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace jobhost::http
