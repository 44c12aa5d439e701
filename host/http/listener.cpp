#include "http/listener.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <thread>
#include <utility>
#include <variant>

#include "base/channel.hpp"
#include "base/log.hpp"
#include "base/thread.hpp"
#include "http/poller.hpp"
#include "http/socket.hpp"

namespace jobhost::http {

namespace {

using base::Steady;
using ClientId = std::uint64_t;

constexpr base::Duration kLongestWait = std::chrono::minutes(1);
constexpr base::Duration kAcceptPause = std::chrono::milliseconds(100);
constexpr int kAcceptsPerTurn = 64;

/// A request on its way to the pool.
struct Work {
    ClientId client = 0;
    Request request;
};

/// What the pool made of it. A request that waits comes back for later.
struct Answered {
    Work work;
    Reply reply;
};

/// Somebody says that a waiting request should be looked at again.
struct Resumed {
    ClientId client = 0;
};

using Message = std::variant<Answered, Resumed>;

/// A request that was put aside.
struct Waiting {
    Work work;
    Wait wait;
};

struct Client {
    Connection connection;
    std::optional<Waiting> waiting = std::nullopt;
    bool resumed = false;  ///< since its request last went to the pool
};

base::Error overloaded() {
    return {base::ErrorKind::Unavailable, "overloaded",
            "More requests are waiting than can be answered soon."};
}

}  // namespace

class Listener::Loop {
public:
    Loop(ListenerOptions options,
         Service& service,
         const base::Clock& clock,
         std::vector<Acceptor> acceptors,
         std::unique_ptr<Poller> poller);
    ~Loop();

    std::vector<Endpoint> addresses;

private:
    using Clients = std::map<ClientId, Client>;

    void run(const std::stop_token& stop);
    void turn();
    void answer_requests();

    std::vector<Watched> watch();
    [[nodiscard]] base::Duration time_to_deadline() const;
    void accept_clients(Acceptor& acceptor);
    Clients::iterator most_silent();
    void read_messages();
    void take(Answered answered);
    void take(const Resumed& resumed);
    void take_requests(ClientId id, Client& client);
    void dispatch(Client& client, Work work);
    void resume(Client& client);
    void expire();
    void say_farewell();
    [[nodiscard]] bool is_busy() const;

    ListenerOptions options_;
    Service& service_;
    const base::Clock& clock_;
    std::vector<Acceptor> acceptors_;
    std::unique_ptr<Poller> poller_;
    base::Channel<Work> work_;
    base::Channel<Message> inbox_;
    Clients clients_;
    std::vector<ClientId> watched_;  ///< whose descriptors stand behind those of the acceptors
    ClientId next_id_ = 1;
    std::size_t in_pool_ = 0;
    Steady accept_again_{};
    bool leaving_ = false;
    std::vector<std::jthread> pool_;
    std::jthread thread_;
};

Listener::Loop::Loop(ListenerOptions options,
                     Service& service,
                     const base::Clock& clock,
                     std::vector<Acceptor> acceptors,
                     std::unique_ptr<Poller> poller)
    : options_(std::move(options)),
      service_(service),
      clock_(clock),
      acceptors_(std::move(acceptors)),
      poller_(std::move(poller)) {
    for (const auto& acceptor : acceptors_) {
        addresses.push_back(acceptor.address());
    }
    for (int i = 0; i < options_.threads; ++i) {
        pool_.emplace_back([this, name = options_.name + "-" + std::to_string(i + 1)] {
            base::run_thread(name, [this] { answer_requests(); });
        });
    }
    thread_ = std::jthread([this](const std::stop_token& stop) {
        base::run_thread(options_.name, [&] { run(stop); });
    });
}

Listener::Loop::~Loop() {
    thread_.request_stop();
    poller_->wake();
    thread_.join();
    work_.close();
    pool_.clear();
    // What waits may still be resumed by others until it is gone.
    inbox_.drain();
    clients_.clear();
}

void Listener::Loop::run(const std::stop_token& stop) {
    Steady end = Steady::max();
    while (!leaving_ || (is_busy() && clock_.steady() < end)) {
        if (stop.stop_requested() && !leaving_) {
            say_farewell();
            end = clock_.steady() + options_.farewell;
        } else {
            turn();
        }
    }
}

void Listener::Loop::turn() {
    auto found = watch();
    poller_->wait(found, time_to_deadline());
    read_messages();
    for (std::size_t i = 0; i < watched_.size(); ++i) {
        auto& client = clients_.at(watched_[i]);
        client.connection.on_ready(found[acceptors_.size() + i]);
        take_requests(watched_[i], client);
    }
    for (std::size_t i = 0; i < acceptors_.size(); ++i) {
        if (found[i].can_read) {
            accept_clients(acceptors_[i]);
        }
    }
    expire();
    std::erase_if(clients_, [](const auto& entry) {
        return entry.second.connection.phase() == Connection::Phase::Over;
    });
}

void Listener::Loop::answer_requests() {
    while (auto work = work_.pop({})) {
        auto reply = service_.answer(work->request);
        inbox_.push(Answered{std::move(*work), std::move(reply)});
        poller_->wake();
    }
}

std::vector<Watched> Listener::Loop::watch() {
    std::vector<Watched> all;
    all.reserve(acceptors_.size() + clients_.size());
    const bool accepting = clock_.steady() >= accept_again_;
    for (const auto& acceptor : acceptors_) {
        all.push_back({acceptor.descriptor(), accepting});
    }
    watched_.clear();
    for (const auto& [id, client] : clients_) {
        watched_.push_back(id);
        all.push_back(client.connection.watched());
    }
    return all;
}

base::Duration Listener::Loop::time_to_deadline() const {
    const auto now = clock_.steady();
    auto next = now + kLongestWait;
    if (accept_again_ > now) {
        next = std::min(next, accept_again_);
    }
    for (const auto& [id, client] : clients_) {
        next = std::min(next, client.connection.deadline());
        if (client.waiting) {
            next = std::min(next, client.waiting->wait.until);
        }
    }
    return std::chrono::ceil<base::Duration>(std::max(next - now, Steady::duration::zero()));
}

void Listener::Loop::accept_clients(Acceptor& acceptor) {
    for (int i = 0; i < kAcceptsPerTurn; ++i) {
        const bool full = clients_.size() >= options_.max_clients;
        if (full && most_silent() == clients_.end()) {
            accept_again_ = clock_.steady() + kAcceptPause;
            return;
        }
        auto socket = acceptor.accept();
        if (!socket) {
            base::log(base::LogLevel::Warn, "http", socket.error().message);
            accept_again_ = clock_.steady() + kAcceptPause;
            return;
        }
        if (!*socket) {
            return;
        }
        if (full) {
            clients_.erase(most_silent());
        }
        clients_.emplace(next_id_++, Client{Connection(std::move(**socket), service_,
                                                       options_.patience, clock_)});
    }
}

/// The client that makes room for a new one: nothing whole has come from it for longest.
Listener::Loop::Clients::iterator Listener::Loop::most_silent() {
    auto oldest = clients_.end();
    for (auto entry = clients_.begin(); entry != clients_.end(); ++entry) {
        const auto& connection = entry->second.connection;
        if (connection.phase() == Connection::Phase::Reading &&
            (oldest == clients_.end() ||
             connection.reading_since() < oldest->second.connection.reading_since())) {
            oldest = entry;
        }
    }
    return oldest;
}

void Listener::Loop::read_messages() {
    for (auto& message : inbox_.drain()) {
        std::visit([this](auto&& one) { take(std::forward<decltype(one)>(one)); },
                   std::move(message));
    }
}

void Listener::Loop::take(Answered answered) {
    --in_pool_;
    const auto id = answered.work.client;
    const auto found = clients_.find(id);
    if (found == clients_.end()) {
        return;
    }
    auto& client = found->second;
    if (auto* response = std::get_if<Response>(&answered.reply)) {
        client.connection.answer(*response);
        take_requests(id, client);
        return;
    }
    client.waiting = Waiting{std::move(answered.work), std::get<Wait>(std::move(answered.reply))};
    if (client.resumed || leaving_) {
        resume(client);
    }
}

void Listener::Loop::take(const Resumed& resumed) {
    const auto found = clients_.find(resumed.client);
    if (found == clients_.end()) {
        return;
    }
    found->second.resumed = true;
    if (found->second.waiting) {
        resume(found->second);
    }
}

void Listener::Loop::take_requests(ClientId id, Client& client) {
    while (auto request = client.connection.take_request()) {
        if (in_pool_ >= options_.max_waiting + static_cast<std::size_t>(options_.threads)) {
            client.connection.answer(
                service_.refuse(overloaded(), request->head.method, request->id));
            continue;
        }
        request->resume = [this, id] {
            inbox_.push(Resumed{id});
            poller_->wake();
        };
        dispatch(client, Work{id, std::move(*request)});
    }
}

void Listener::Loop::dispatch(Client& client, Work work) {
    ++in_pool_;
    client.resumed = false;
    work.request.may_wait = !leaving_;
    work_.push(std::move(work));
}

void Listener::Loop::resume(Client& client) {
    Work work = std::move(client.waiting->work);
    work.request.has_waited = true;
    client.waiting.reset();
    dispatch(client, std::move(work));
}

void Listener::Loop::expire() {
    const auto now = clock_.steady();
    for (auto& [id, client] : clients_) {
        if (client.connection.deadline() <= now) {
            client.connection.on_deadline();
        }
        if (client.waiting && client.waiting->wait.until <= now) {
            resume(client);
        }
    }
}

void Listener::Loop::say_farewell() {
    leaving_ = true;
    acceptors_.clear();
    std::erase_if(clients_, [](const auto& entry) {
        return entry.second.connection.phase() == Connection::Phase::Reading;
    });
    for (auto& [id, client] : clients_) {
        client.connection.end_soon();
        if (client.waiting) {
            resume(client);
        }
    }
}

bool Listener::Loop::is_busy() const {
    return std::ranges::any_of(clients_, [](const auto& entry) {
        const auto phase = entry.second.connection.phase();
        return phase == Connection::Phase::Answering || phase == Connection::Phase::Writing;
    });
}

Listener::Listener(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Listener::~Listener() = default;

base::Result<std::unique_ptr<Listener>> Listener::open(ListenerOptions options,
                                                       Service& service,
                                                       const base::Clock& clock) {
    std::vector<Acceptor> acceptors;
    for (const auto& endpoint : options.listen) {
        auto acceptor = Acceptor::open(endpoint);
        if (!acceptor) {
            return std::move(acceptor).error();
        }
        acceptors.push_back(std::move(*acceptor));
    }
    auto poller = Poller::open();
    if (!poller) {
        return std::move(poller).error();
    }
    return std::unique_ptr<Listener>(new Listener(std::make_unique<Loop>(
        std::move(options), service, clock, std::move(acceptors), std::move(*poller))));
}

const std::vector<Endpoint>& Listener::addresses() const { return loop_->addresses; }

}  // namespace jobhost::http
