#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "http/head.hpp"

namespace jobhost::http {

/// A request that has arrived whole.
struct Request {
    std::string id;  ///< goes out as X-Request-Id and into the log
    Head head;
    std::string body;
    std::string peer;
    base::Steady received;
    /// False once the request has waited long enough; it must be answered now.
    bool may_wait = true;
    bool has_waited = false;
    /// Has a waiting request looked at again. [any thread], never blocks
    std::function<void()> resume;
};

struct Response {
    int status = 200;
    std::string type = "application/json";
    std::string body = {};
    std::vector<Field> fields = {};  ///< beyond those that every response carries
};

/// What a waiting request has asked to be told; ends when it is destroyed.
class Interest {
public:
    virtual ~Interest() = default;
};

/// No answer yet: the request is kept, without a thread, until `Request::resume` or `until`, and is
/// then put before its handler again.
struct Wait {
    base::Steady until;
    std::unique_ptr<Interest> interest;
};

using Reply = std::variant<Response, Wait>;

}  // namespace jobhost::http
