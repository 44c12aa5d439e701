#include "http/site.hpp"

#include <exception>
#include <utility>

#include "base/log.hpp"
#include "http/problem.hpp"

namespace jobhost::http {

namespace {

using base::Error;
using base::ErrorKind;
using base::LogLevel;
using base::Result;

/// Requests that were refused before they had a route.
constexpr std::string_view kRefused = "refused";
/// Requests for a path that does not exist.
constexpr std::string_view kUnmatched = "unmatched";

Error not_found(const Head& head) {
    const std::string hint = head.path.starts_with("/api/v1") ? "; /openapi.json lists every path"
                                                              : "; the API begins at /api/v1";
    return {ErrorKind::NotFound, "not_found", "There is nothing at " + head.path + hint + "."};
}

/// What the client is not told, because it is our side's trouble.
void log_trouble(const Error& error, const Request& request) {
    const auto status = problem_code_of(error).status;
    if (status >= 500) {
        base::log(status == 500 ? LogLevel::Error : LogLevel::Warn, "http",
                  "cannot answer: " + error.message,
                  {{"path", request.head.path}, {"request_id", request.id}});
    }
}

void log_access(const Request& request, int status, double seconds) {
    if (base::log_enabled(LogLevel::Debug)) {
        base::log(LogLevel::Debug, "http", "answered",
                  {{"method", request.head.method},
                   {"path", request.head.path},
                   {"status", std::to_string(status)},
                   {"seconds", std::to_string(seconds)},
                   {"peer", request.peer},
                   {"request_id", request.id}});
    }
}

double seconds_since(base::Steady start, base::Steady now) {
    return std::chrono::duration<double>(now - start).count();
}

}  // namespace

Site::Site(Guard guard, Router router, Audience audience, const Services& services, JobWaits& waits)
    : guard_(std::move(guard)),
      router_(std::move(router)),
      audience_(audience),
      services_(services),
      waits_(waits) {}

Result<std::size_t> Site::admit(const Head& head, const Endpoint& local) const {
    auto length = guard_.admit(head, local);
    if (length && router_.find(head.method, head.segments).route != nullptr) {
        if (auto content = check_content(head); !content) {
            return std::move(content).error();
        }
    }
    return length;
}

Response Site::refuse(const Error& error, std::string_view method, std::string_view request_id) {
    auto response = problem(error, request_id);
    response.fields.push_back({"X-Request-Id", std::string(request_id)});
    count(kRefused, method, response.status);
    base::log(LogLevel::Debug, "http", "refused: " + error.message,
              {{"code", error.code}, {"request_id", std::string(request_id)}});
    return response;
}

Reply Site::answer(const Request& request) noexcept {
    const auto match = router_.find(request.head.method, request.head.segments);
    auto answer = handle(request, match);
    if (auto* wait = std::get_if<Wait>(&answer)) {
        return std::move(*wait);
    }
    Response response;
    if (const auto* error = std::get_if<Error>(&answer)) {
        log_trouble(*error, request);
        response = problem(*error, request.id);
    } else {
        response = std::get<Response>(std::move(answer));
    }
    if (!match.allowed.empty()) {
        response.fields.push_back({"Allow", match.allowed});
    }
    response.fields.push_back({"X-Request-Id", request.id});
    record(request, match.route != nullptr ? match.route->pattern : kUnmatched, response.status);
    return response;
}

Answer Site::handle(const Request& request, const Match& match) {
    if (match.route == nullptr) {
        return match.allowed.empty() ? not_found(request.head)
                                     : Error{ErrorKind::Invalid, "method_not_allowed",
                                             request.head.path + " takes " + match.allowed + "."};
    }
    try {
        const auto query = audience_ == Audience::Monitors
                               ? Query::read_leniently(request.head.query)
                               : Query::read(request.head.query, match.route->parameters);
        if (!query) {
            return query.error();
        }
        return match.route->handler({services_, waits_, request, *query, match.path});
    } catch (const std::exception& error) {
        return Error{ErrorKind::Internal, "internal_error", error.what()};
    } catch (...) {
        return Error{ErrorKind::Internal, "internal_error", "an exception of unknown type"};
    }
}

void Site::record(const Request& request, std::string_view route, int status) {
    const auto seconds = seconds_since(request.received, services_.clock.steady());
    count(route, request.head.method, status);
    if (!request.has_waited) {
        services_.metrics
            .histogram("jobhost_http_request_duration_seconds",
                       "From the last byte of a request to its answer, without those that waited.",
                       {{"route", std::string(route)}})
            .observe(seconds);
    }
    if (audience_ == Audience::Programs) {
        log_access(request, status, seconds);
    }
}

void Site::count(std::string_view route, std::string_view method, int status) {
    services_.metrics
        .counter("jobhost_http_requests_total", "Requests that were answered.",
                 {{"route", std::string(route)},
                  {"method", is_known_method(method) ? std::string(method) : "other"},
                  {"code", std::to_string(status)}})
        .add();
}

}  // namespace jobhost::http
