#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "http/host_view.hpp"
#include "http/options.hpp"
#include "store/job_store.hpp"
#include "store/node_store.hpp"

namespace jobhost::http {

/// What the handlers work with; all of it outlives the server.
struct Services {
    store::JobStore& jobs;
    store::NodeStore& nodes;
    const HostView& host;
    base::Metrics& metrics;
    const base::Clock& clock;
};

/// The two listeners: probes with a pool of their own, and the API. They serve from `open` until the
/// object goes.
class Server {
public:
    /// Binds every address; a port that is taken is an error that names it.
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
