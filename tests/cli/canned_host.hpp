#pragma once

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/guarded.hpp"

namespace jobhost::cli::testing {

struct SeenRequest {
    std::string line;  ///< "GET /api/v1/jobs HTTP/1.1"
    std::string head;
    std::string body;
};

struct CannedReply {
    int status = 200;  ///< 0: the connection is closed without a word
    std::string body = "{}";
};

/// A server on a free port of this machine that says what a test tells it to: also what no host
/// would say. One request at a time, each on a connection of its own.
class CannedHost {
public:
    /// Nothing instead of a reply: the request is left without an answer.
    using Handler = std::function<std::optional<CannedReply>(const SeenRequest&)>;

    explicit CannedHost(Handler handler);
    ~CannedHost();
    CannedHost(const CannedHost&) = delete;
    CannedHost& operator=(const CannedHost&) = delete;

    /// "http://127.0.0.1:PORT"
    [[nodiscard]] std::string address() const;
    [[nodiscard]] std::vector<SeenRequest> requests() const;

private:
    void serve(const std::stop_token& stop);
    void answer(int connection);

    Handler handler_;
    int listener_ = -1;
    int port_ = 0;
    base::Guarded<std::vector<SeenRequest>> seen_;
    std::vector<int> silent_;
    std::jthread thread_;
};

}  // namespace jobhost::cli::testing
