#include "cli/api_client.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <curl/curl.h>

#include "base/quote.hpp"
#include "base/version.hpp"
#include "cli/exit_code.hpp"
#include "cli/problem_document.hpp"

namespace jobhost::cli {

namespace {

using base::Error;
using base::ErrorKind;

constexpr long kConnectMilliseconds = 5000;
constexpr base::Duration kAnswerTime = std::chrono::seconds(30);
constexpr std::size_t kLargestBody = 256UL * 1024 * 1024;
/// A job holds its arguments and result, each as deep as a document may be.
constexpr std::size_t kAnswerDepth = 2 * base::kJsonDepth;
constexpr int kPollMilliseconds = 1000;

/// libcurl's start and end for this process.
class Library {
public:
    Library() { ::curl_global_init(CURL_GLOBAL_DEFAULT); }
    ~Library() { ::curl_global_cleanup(); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
};

using Easy = std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)>;
using Multi = std::unique_ptr<CURLM, decltype(&::curl_multi_cleanup)>;
using Fields = std::unique_ptr<curl_slist, decltype(&::curl_slist_free_all)>;

struct Request {
    std::string_view method;
    std::string url;
    std::string_view body;
    base::Duration patience;
    std::string version = {};
};

struct Reply {
    long status = 0;
    std::string body;
    bool too_large = false;
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* reply_pointer) {
    auto& reply = *static_cast<Reply*>(reply_pointer);
    if (reply.body.size() + size * count > kLargestBody) {
        reply.too_large = true;
        return 0;
    }
    reply.body.append(bytes, size * count);
    return size * count;
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host.starts_with("127.") || host == "[::1]";
}

template <typename T>
void set(const Easy& easy, CURLoption option, T value) {
    static_cast<void>(::curl_easy_setopt(easy.get(), option, value));
}

Fields header_fields(const std::string& version) {
    Fields fields(::curl_slist_append(nullptr, "Content-Type: application/json"),
                  &::curl_slist_free_all);
    fields.reset(::curl_slist_append(fields.release(), "Accept: application/json"));
    // A body goes out at once; nobody is asked for leave first.
    fields.reset(::curl_slist_append(fields.release(), "Expect:"));
    if (!version.empty()) {
        const std::string field = "If-Match: \"" + version + "\"";
        fields.reset(::curl_slist_append(fields.release(), field.c_str()));
    }
    return fields;
}

/// Letters and digits stay, too.
std::string escape_all_but(std::string_view text, std::string_view plain) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string result;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        const bool stays = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9') ||
                           plain.find(letter) != std::string_view::npos;
        if (stays) {
            result += letter;
        } else {
            result += {'%', kHex[byte >> 4U], kHex[byte & 0xFU]};
        }
    }
    return result;
}

}  // namespace

struct ApiClient::State {
    Library library;
    std::string address;
    std::string host;
    int interrupt = -1;
    Multi multi{nullptr, &::curl_multi_cleanup};
    /// Kept between requests, so that its connection is used again.
    Easy easy{nullptr, &::curl_easy_cleanup};

    void prepare(const Request& request, const Fields& fields, Reply& reply, char* reason) const;
    base::Result<Reply> send(const Request& request);
    base::Result<CURLcode> transfer() const;
    [[nodiscard]] Error unreachable(CURLcode code, const char* reason) const;
    base::Result<Reply> ask(const Request& request);
};

void ApiClient::State::prepare(const Request& request,
                               const Fields& fields,
                               Reply& reply,
                               char* reason) const {
    ::curl_easy_reset(easy.get());
    set(easy, CURLOPT_URL, request.url.c_str());
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_HTTPHEADER, fields.get());
    set(easy, CURLOPT_USERAGENT, ("jobhost/" + std::string(base::kVersion)).c_str());
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectMilliseconds);
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>((kAnswerTime + request.patience).count()));
    set(easy, CURLOPT_ERRORBUFFER, reason);
    set(easy, CURLOPT_WRITEFUNCTION, &take_body);
    set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&reply));
    if (is_loopback(host)) {
        set(easy, CURLOPT_NOPROXY, "*");
    }
    const bool has_body = request.method == "POST" || request.method == "PATCH";
    if (has_body) {
        set(easy, CURLOPT_POST, 1L);
        set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(easy, CURLOPT_POSTFIELDS, request.body.data());
    }
    if (request.method == "PATCH" || request.method == "DELETE") {
        set(easy, CURLOPT_CUSTOMREQUEST, std::string(request.method).c_str());
    }
}

/// Runs the prepared transfer to its end, or until the interrupt descriptor becomes readable.
base::Result<CURLcode> ApiClient::State::transfer() const {
    ::curl_multi_add_handle(multi.get(), easy.get());
    base::Result<CURLcode> result = CURLE_OK;
    for (int running = 1; running > 0;) {
        ::curl_multi_perform(multi.get(), &running);
        curl_waitfd also{interrupt, CURL_WAIT_POLLIN, 0};
        if (running > 0) {
            ::curl_multi_poll(multi.get(), &also, interrupt < 0 ? 0 : 1, kPollMilliseconds,
                              nullptr);
        }
        if (also.revents != 0) {
            result = interrupted();
            break;
        }
    }
    int left = 0;
    while (const CURLMsg* message = ::curl_multi_info_read(multi.get(), &left)) {
        if (message->msg == CURLMSG_DONE && result) {
            result = message->data.result;
        }
    }
    ::curl_multi_remove_handle(multi.get(), easy.get());
    return result;
}

Error ApiClient::State::unreachable(CURLcode code, const char* reason) const {
    const std::string why = std::strlen(reason) > 0 ? reason : ::curl_easy_strerror(code);
    return {
        ErrorKind::Unavailable,
        "unreachable",
        "the host at " + address + " cannot be reached: " + why +
            ". Is it running (jobhost serve)? Another address is given by --host or JOBHOST_HOST",
        {}};
}

base::Result<Reply> ApiClient::State::send(const Request& request) {
    Reply reply;
    std::array<char, CURL_ERROR_SIZE> reason{};
    const auto fields = header_fields(request.version);
    prepare(request, fields, reply, reason.data());
    const auto code = transfer();
    if (!code) {
        return code.error();
    }
    if (reply.too_large) {
        return Error{ErrorKind::Limit,
                     "answer_too_large",
                     "the answer is larger than 256 MiB; ask for less at a time",
                     {}};
    }
    if (*code != CURLE_OK) {
        return unreachable(*code, reason.data());
    }
    ::curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &reply.status);
    return reply;
}

base::Result<Reply> ApiClient::State::ask(const Request& request) {
    auto reply = send(request);
    if (reply && (reply->status < 200 || reply->status > 299)) {
        return error_of_reply(static_cast<int>(reply->status), reply->body, address);
    }
    return reply;
}

std::string escaped(std::string_view text) { return escape_all_but(text, "-._~"); }
std::string escaped_path(std::string_view text) { return escape_all_but(text, "-._~/"); }

ApiClient::ApiClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
ApiClient::~ApiClient() = default;
ApiClient::ApiClient(ApiClient&& other) noexcept = default;
ApiClient& ApiClient::operator=(ApiClient&& other) noexcept = default;

base::Result<ApiClient> ApiClient::open(std::string_view address) {
    std::string url(address);
    if (url.find("://") == std::string::npos) {
        url.insert(0, "http://");
    }
    while (url.ends_with('/')) {
        url.pop_back();
    }
    const auto scheme = url.find("://");
    const auto host = url.substr(scheme + 3);
    const bool known = url.starts_with("http://") || url.starts_with("https://");
    if (!known || host.empty() || host.find_first_of("/?#@ \t\r\n") != std::string::npos) {
        return wrong_use(base::in_quotes(address) + " is no address of a host; write it like " +
                         std::string(kDefaultHost));
    }
    auto state = std::make_unique<State>();
    state->host = host.substr(0, host.rfind(':'));
    state->address = std::move(url);
    state->multi.reset(::curl_multi_init());
    state->easy.reset(::curl_easy_init());
    if (!state->multi || !state->easy) {
        return Error{ErrorKind::Internal, "no_client", "the HTTP library cannot be started", {}};
    }
    return ApiClient(std::move(state));
}

void ApiClient::interrupt_by(int descriptor) { state_->interrupt = descriptor; }

const std::string& ApiClient::address() const { return state_->address; }

namespace {

base::Result<Answer> answer_of(base::Result<Reply> reply, const std::string& address) {
    if (!reply) {
        return std::move(reply).error();
    }
    auto parsed = base::parse_json(std::move(reply->body), kAnswerDepth);
    if (!parsed) {
        return Error{ErrorKind::Internal,
                     "not_a_jobhost",
                     "the answer of " + address + " is not JSON: is this a jobhost?",
                     {}};
    }
    return Answer{std::move(parsed->value), std::move(parsed->text),
                  static_cast<int>(reply->status)};
}

}  // namespace

base::Result<Answer> ApiClient::get(const std::string& target, base::Duration patience) {
    return answer_of(state_->ask({"GET", address() + target, "", patience}), address());
}

base::Result<Answer> ApiClient::post(const std::string& target, const std::string& body) {
    return answer_of(state_->ask({"POST", address() + target, body, {}}), address());
}

base::Result<Answer> ApiClient::send(const Question& question) {
    return answer_of(
        state_->ask(
            {question.method, address() + question.target, question.body, {}, question.version}),
        address());
}

base::Result<std::string> ApiClient::get_bytes(const std::string& target) {
    auto reply = state_->ask({"GET", address() + target, "", {}});
    if (!reply) {
        return std::move(reply).error();
    }
    return std::move(reply->body);
}

}  // namespace jobhost::cli
