#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace jobhost::cli {

/// Where a host listens unless somebody says otherwise.
inline constexpr std::string_view kDefaultHost = "http://127.0.0.1:7460";

/// What the host answered.
struct Answer {
    base::Json value;
    std::string text;  ///< the JSON as it was sent
    int status = 200;  ///< of HTTP, some success
};

/// `text` for one part of a path or for a value in a query.
[[nodiscard]] std::string escaped(std::string_view text);

/// The same for several segments: the slashes between them stay.
[[nodiscard]] std::string escaped_path(std::string_view text);

/// A question beyond GET and POST.
struct Question {
    std::string_view method;  ///< "DELETE"
    std::string target;
    std::string body = {};
    std::string version = {};  ///< the only one to change; any when empty
};

/// Asks one host. A refusal of the host becomes an error with the host's own code and words; a host
/// that does not answer becomes `Unavailable`. Not thread-safe.
class ApiClient {
public:
    /// `address`: `http://HOST:PORT`, or only `HOST:PORT`. Nothing is sent yet.
    [[nodiscard]] static base::Result<ApiClient> open(std::string_view address);
    ~ApiClient();
    ApiClient(ApiClient&& other) noexcept;
    ApiClient& operator=(ApiClient&& other) noexcept;

    /// From here on a request ends with `interrupted()` when this descriptor becomes readable.
    void interrupt_by(int descriptor);

    /// `target` begins with the path: "/api/v1/jobs?limit=5". `patience` is how long the host may
    /// take on purpose before it answers.
    [[nodiscard]] base::Result<Answer> get(const std::string& target, base::Duration patience = {});
    [[nodiscard]] base::Result<Answer> post(const std::string& target, const std::string& body);
    [[nodiscard]] base::Result<Answer> send(const Question& question);
    /// The body as it is, whatever it is.
    [[nodiscard]] base::Result<std::string> get_bytes(const std::string& target);

    [[nodiscard]] const std::string& address() const;

private:
    struct State;
    explicit ApiClient(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace jobhost::cli
