#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace jobhost::http::testing {

/// One answer as it came over the wire. Field names are in lower case.
struct RawAnswer {
    int status = 0;
    std::multimap<std::string, std::string> fields;
    std::string body;

    /// The value of a field, or empty.
    [[nodiscard]] std::string field(const std::string& name) const;
};

/// A TCP connection on which a test writes whatever bytes it likes. Reading gives up after five
/// seconds, which fails the test that waits.
class RawClient {
public:
    /// `127.0.0.1:1234` or `[::1]:1234`.
    explicit RawClient(const std::string& address);
    ~RawClient();
    RawClient(RawClient&& other) noexcept;
    RawClient& operator=(RawClient&&) = delete;

    /// False when the other side has closed.
    bool send(std::string_view bytes);
    void end_writing();

    /// The next answer; nothing when the connection ended before one was whole. The answer to HEAD
    /// has no body whatever its length says.
    std::optional<RawAnswer> read_answer(bool to_head = false);
    /// What comes until the other side closes; nothing when it does not.
    std::optional<std::string> read_to_end();
    /// Does nothing come for this long?
    bool is_quiet_for(std::chrono::milliseconds time);

private:
    bool receive();
    int descriptor_ = -1;
    std::string in_;
};

/// `GET PATH` with a Host field that the server at `address` accepts.
std::string get_request(const std::string& address, std::string_view path);
/// A change with a JSON body.
std::string post_request(const std::string& address, std::string_view path, std::string_view body);

}  // namespace jobhost::http::testing
