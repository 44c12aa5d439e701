#include "http/server.hpp"

#include <algorithm>
#include <utility>

#include "http/job_waits.hpp"
#include "http/listener.hpp"
#include "http/routes.hpp"
#include "http/site.hpp"
#include "http/socket.hpp"

namespace jobhost::http {

namespace {

using base::Result;
using std::chrono::seconds;

constexpr int kProbeThreads = 2;
constexpr std::size_t kProbeClients = 128;

ListenerOptions api_options(const Options& options) {
    return {.name = "http",
            .listen = options.listen,
            .threads = options.threads,
            .patience = {.idle = options.keep_alive,
                         .head = options.head_time,
                         .body = options.body_time,
                         .send = options.send_time,
                         .linger = seconds(2)}};
}

/// One request per connection, and little patience.
ListenerOptions probe_options(const Options& options) {
    return {.name = "probes",
            .listen = options.probes_listen,
            .threads = kProbeThreads,
            .max_clients = kProbeClients,
            .patience = {.idle = base::Duration::zero(),
                         .head = options.probe_time,
                         .body = options.probe_time,
                         .send = options.probe_time,
                         .linger = seconds(1)}};
}

Result<base::Unit> check_loopback(const std::vector<Endpoint>& endpoints) {
    const auto open = std::ranges::find_if_not(endpoints, is_loopback);
    if (open == endpoints.end()) {
        return base::done();
    }
    return base::Error{base::ErrorKind::Forbidden, "listen_not_loopback",
                       "Refusing to listen on " + text_of(*open) +
                           ": whoever reaches the API may run commands, and there is no "
                           "authentication. Listen on 127.0.0.1 or ::1."};
}

std::vector<std::string> texts_of(const std::vector<Endpoint>& endpoints) {
    std::vector<std::string> texts;
    std::ranges::transform(endpoints, std::back_inserter(texts), text_of);
    return texts;
}

}  // namespace

/// In the order in which things need each other.
struct Server::State {
    State(const Options& options, const Services& given)
        : services(given),
          waits(services.bus),
          api(Guard(options.hosts, options.max_body),
              Router(api_routes()),
              Audience::Programs,
              services,
              waits),
          probes(Guard(options.hosts, 0),
                 Router(probe_routes()),
                 Audience::Monitors,
                 services,
                 waits) {}

    Result<base::Unit> listen(const Options& options) {
        auto api_listens = Listener::open(api_options(options), api, services.clock);
        if (!api_listens) {
            return std::move(api_listens).error();
        }
        auto probes_listen = Listener::open(probe_options(options), probes, services.clock);
        if (!probes_listen) {
            return std::move(probes_listen).error();
        }
        api_listener = std::move(*api_listens);
        probe_listener = std::move(*probes_listen);
        api_addresses = texts_of(api_listener->addresses());
        probe_addresses = texts_of(probe_listener->addresses());
        return base::done();
    }

    Services services;
    JobWaits waits;
    Site api;
    Site probes;
    std::unique_ptr<Listener> probe_listener;
    std::unique_ptr<Listener> api_listener;
    std::vector<std::string> api_addresses;
    std::vector<std::string> probe_addresses;
};

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::open(const Options& options, Services services) {
    for (const auto* endpoints : {&options.listen, &options.probes_listen}) {
        if (auto checked = check_loopback(*endpoints); !checked) {
            return std::move(checked).error();
        }
    }
    auto state = std::make_unique<State>(options, services);
    if (auto listening = state->listen(options); !listening) {
        return std::move(listening).error();
    }
    return std::unique_ptr<Server>(new Server(std::move(state)));
}

const std::vector<std::string>& Server::api_addresses() const { return state_->api_addresses; }
const std::vector<std::string>& Server::probe_addresses() const { return state_->probe_addresses; }

}  // namespace jobhost::http
