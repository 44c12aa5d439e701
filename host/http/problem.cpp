#include "http/problem.hpp"

#include <algorithm>
#include <array>

namespace jobhost::http {

namespace {

using base::Error;
using base::ErrorKind;
using base::JsonArray;
using base::JsonObject;

constexpr std::array kCodes = std::to_array<ProblemCode>({
    // The request cannot be read, or must not be answered.
    {"malformed_request", 400, "The request is not well-formed HTTP"},
    {"bad_target", 400, "The path of the request is not allowed"},
    {"bad_host", 400, "The Host field is missing, doubled or malformed"},
    {"bad_content_length", 400, "Content-Length is doubled or not a number"},
    {"ambiguous_length", 400, "The length of the body is given in two ways"},
    {"body_not_allowed", 400, "This method takes no body"},
    {"origin_not_allowed", 403, "Pages of other sites may not do this"},
    {"request_timeout", 408, "The request did not arrive in time"},
    {"length_required", 411, "The body must come with a Content-Length"},
    {"body_too_large", 413, "The body is too large"},
    {"uri_too_long", 414, "The request target is too long"},
    {"unsupported_media_type", 415, "The body must be sent as application/json"},
    {"expectation_failed", 417, "The expectation cannot be met"},
    {"host_not_allowed", 421, "The server does not answer under this name"},
    {"head_too_large", 431, "The head of the request is too large"},
    {"unknown_method", 501, "The method is not known"},
    {"overloaded", 503, "The server is busy"},
    {"http_version", 505, "The version of HTTP is not spoken here"},
    // The request can be read and is wrong.
    {"unknown_parameter", 400, "A parameter of the query is not known"},
    {"bad_query", 400, "A parameter of the query has a wrong value"},
    {"bad_condition", 400, "A condition in the head has a wrong value"},
    {"json_syntax", 400, "The body is not JSON"},
    {"json_encoding", 400, "The body is not UTF-8"},
    {"json_depth", 400, "The body is nested too deeply"},
    {"json_duplicate_key", 400, "An object in the body has a member twice"},
    {"not_found", 404, "There is nothing at this path"},
    {"unknown_job", 404, "There is no such job"},
    {"no_attempt", 404, "The job has no such attempt"},
    {"no_such_type", 404, "There is no such job type"},
    {"method_not_allowed", 405, "The path does not take this method"},
    {"name_taken", 409, "The name is taken"},
    {"unique_key_taken", 409, "The unique key is taken"},
    {"wrong_status", 409, "The job does not take this where it stands"},
    {"not_recurring", 409, "The job does not recur"},
    {"children_alive", 409, "Jobs that were made for this one are not over"},
    {"refused_together", 409, "Another job of the request is refused"},
    {"version_required", 428, "The request must say which version it changes"},
    {"too_large", 413, "The job is too large to be stored"},
    {"too_many", 422, "More is asked for than is done at once"},
    {"invalid_job", 422, "The job has mistakes"},
    {"invalid_args", 422, "The arguments do not fit the job type"},
    {"never_fires", 422, "The job would never run"},
    {"immutable", 422, "A member that never changes would be changed"},
    {"unknown_type", 422, "No host can run this job type"},
    // Our side cannot do it now.
    {"disk_full", 503, "The disk is full; nothing was stored"},
    {"file_too_large", 503, "The database may not grow; nothing was stored"},
    {"read_only", 503, "The database cannot be written to; nothing was stored"},
    {"store_busy", 503, "The database is busy; try again"},
    // What has no code of its own.
    {"invalid", 422, "The request has mistakes"},
    {"system_job", 403, "The job belongs to the system"},
    {"declared_job", 403, "The job is declared in a configuration file"},
    {"forbidden", 403, "This is not allowed"},
    {"conflict", 409, "The state of things does not allow it"},
    {"stale", 412, "It has changed in the meantime"},
    {"limit", 413, "A limit is exceeded"},
    {"internal_error", 500, "Something went wrong on the server"},
    {"unavailable", 503, "The server cannot do this now; try again later"},
    {"timeout", 504, "It took too long; it may still happen"},
});

std::string_view code_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::Invalid:
            return "invalid";
        case ErrorKind::NotFound:
            return "not_found";
        case ErrorKind::Conflict:
            return "conflict";
        case ErrorKind::Stale:
            return "stale";
        case ErrorKind::Forbidden:
            return "forbidden";
        case ErrorKind::Limit:
            return "limit";
        case ErrorKind::Unavailable:
            return "unavailable";
        case ErrorKind::Timeout:
            return "timeout";
        case ErrorKind::Internal:
            return "internal_error";
    }
    return "internal_error";
}

JsonArray field_errors(const Error& error) {
    JsonArray list;
    for (const auto& field : error.fields) {
        list.push_back(JsonObject{{"pointer", json_pointer(field.path)},
                                  {"code", field.code},
                                  {"message", field.message}});
    }
    return list;
}

bool is_ours(ErrorKind kind) {
    return kind == ErrorKind::Unavailable || kind == ErrorKind::Timeout ||
           kind == ErrorKind::Internal;
}

void append_token(std::string& pointer, std::string_view token) {
    pointer += '/';
    for (const char letter : token) {
        if (letter == '~') {
            pointer += "~0";
        } else if (letter == '/') {
            pointer += "~1";
        } else {
            pointer += letter;
        }
    }
}

}  // namespace

std::span<const ProblemCode> problem_codes() { return kCodes; }

const ProblemCode& problem_code_of(const Error& error) {
    const auto known = std::ranges::find(kCodes, error.code, &ProblemCode::code);
    return known != kCodes.end()
               ? *known
               : *std::ranges::find(kCodes, code_of(error.kind), &ProblemCode::code);
}

Response problem(const Error& error, std::string_view request_id, JsonObject members) {
    const auto& code = problem_code_of(error);
    const bool told = !is_ours(error.kind) && !error.message.empty();
    JsonObject document{{"type", "/problems/" + std::string(code.code)},
                        {"title", code.title},
                        {"status", code.status},
                        {"detail", told ? std::string_view(error.message) : code.title},
                        {"code", code.code},
                        {"request_id", request_id}};
    if (!error.fields.empty()) {
        document["errors"] = field_errors(error);
    }
    for (auto& member : members) {
        document[member.key()] = std::move(member.value());
    }
    Response response{code.status, "application/problem+json", base::to_text(document)};
    if (code.status == 503) {
        response.fields.push_back({"Retry-After", "1"});
    }
    return response;
}

std::string json_pointer(std::string_view path) {
    std::string pointer;
    if (path.empty()) {
        return pointer;  // the whole document
    }
    const auto dot = path.find('.');
    const auto first = path.substr(0, dot);
    const bool nested = dot != std::string_view::npos && (first == "args" || first == "labels");
    if (nested) {
        append_token(pointer, first);
    }
    const auto member = nested ? path.substr(dot + 1) : path;
    const bool indexed = member.ends_with(']') && (first == "args" || !nested);
    const auto bracket = indexed ? member.rfind('[') : std::string_view::npos;
    append_token(pointer, member.substr(0, bracket));
    if (bracket != std::string_view::npos) {
        append_token(pointer, member.substr(bracket + 1, member.size() - bracket - 2));
    }
    return pointer;
}

}  // namespace jobhost::http
