#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "http/connection.hpp"
#include "http/options.hpp"
#include "http/service.hpp"

namespace jobhost::http {

struct ListenerOptions {
    std::string name = {};  ///< of its threads
    std::vector<Endpoint> listen = {};
    int threads = 1;  ///< that answer requests
    std::size_t max_clients = 512;
    std::size_t max_waiting = 256;  ///< requests that wait for a thread; more are told to come back
    Patience patience = {};
    base::Duration farewell = std::chrono::seconds(5);  ///< for answers under way when it goes
};

/// Serves some addresses: one thread looks after all clients, however slow or idle they are, and
/// hands whole requests to a pool. So a client without a request costs no thread, and neither does
/// a request that waits for something.
class Listener {
public:
    /// Service and clock must outlive it. Serves at once.
    [[nodiscard]] static base::Result<std::unique_ptr<Listener>> open(ListenerOptions options,
                                                                      Service& service,
                                                                      const base::Clock& clock);
    /// Answers what is under way, then closes everything.
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    [[nodiscard]] const std::vector<Endpoint>& addresses() const;

private:
    class Loop;
    explicit Listener(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> loop_;
};

}  // namespace jobhost::http
