#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "http/head.hpp"
#include "http/poller.hpp"
#include "http/request.hpp"
#include "http/service.hpp"
#include "http/socket.hpp"

namespace jobhost::http {

/// How long a client may take.
struct Patience {
    base::Duration idle;    ///< until the first byte of a request; 0 = one request per connection
    base::Duration head;    ///< from the first byte of a request to the end of its head
    base::Duration body;    ///< from there to the end of its body
    base::Duration send;    ///< to take the whole answer
    base::Duration linger;  ///< to see the answer after which the connection ends
};

/// One client: bytes come in until a request is whole, its answer goes out, and then the next. An
/// answer that is given before the request was read to its end is the last one: what follows is
/// thrown away unread and can never become a request. [the listener's thread]
class Connection {
public:
    enum class Phase {
        Reading,
        Answering,  ///< a request was taken; nothing is read until it is answered
        Writing,
        Lingering,  ///< the last answer is out; waits for the client to close, so that it sees it
        Over,
    };

    /// Service, patience and clock must outlive it.
    Connection(Socket socket, Service& service, const Patience& patience, const base::Clock& clock);

    [[nodiscard]] Phase phase() const { return phase_; }
    /// What its socket should be watched for.
    [[nodiscard]] Watched watched() const;
    /// When `on_deadline` must be called; never, while a request is being answered.
    [[nodiscard]] base::Steady deadline() const { return deadline_; }
    /// Since when it waits for a request, or for the rest of one.
    [[nodiscard]] base::Steady reading_since() const { return reading_since_; }

    void on_ready(const Watched& found);
    void on_deadline();

    /// A request that has just become whole.
    [[nodiscard]] std::optional<Request> take_request();
    /// Answers the request that was taken.
    void answer(const Response& response);
    /// No request after the one that is being read or answered.
    void end_soon() { last_ = true; }

private:
    void receive();
    void advance();
    bool read_head();
    void refuse(const base::Error& error);
    void flush();
    void next_request();

    Socket socket_;
    Service& service_;
    const Patience& patience_;
    const base::Clock& clock_;

    Phase phase_ = Phase::Reading;
    base::Steady deadline_;
    base::Steady reading_since_;
    std::string in_;            ///< what has come and is not yet taken
    std::size_t scanned_ = 0;   ///< how much of it was searched for the end of a head
    std::optional<Head> head_;  ///< of the request whose body is being read
    std::size_t head_size_ = 0;
    std::size_t body_size_ = 0;
    std::string method_;  ///< of the request that is answered now
    std::string request_id_;
    bool last_ = false;  ///< close after the answer
    std::string out_;
    std::size_t sent_ = 0;
};

}  // namespace jobhost::http
