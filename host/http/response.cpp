#include "http/response.hpp"

#include <sstream>

#include <Poco/Net/HTTPResponse.h>
#include <Poco/Timestamp.h>

namespace jobhost::http {

std::string render(const Response& response, base::Instant now, bool without_body, bool close) {
    using Poco::Net::HTTPResponse;
    HTTPResponse head(Poco::Net::HTTPMessage::HTTP_1_1,
                      static_cast<HTTPResponse::HTTPStatus>(response.status));
    head.setDate(Poco::Timestamp(
        std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count()));
    head.set("Content-Type", response.type);
    head.setContentLength64(static_cast<Poco::Int64>(response.body.size()));
    head.set("Cache-Control", "no-store");
    head.set("X-Content-Type-Options", "nosniff");
    head.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    head.set("Referrer-Policy", "no-referrer");
    for (const auto& field : response.fields) {
        head.set(field.name, field.value);
    }
    if (close) {
        head.set("Connection", "close");
    }
    std::ostringstream text;
    head.write(text);
    return without_body ? std::move(text).str() : std::move(text).str() + response.body;
}

std::string_view go_on() { return "HTTP/1.1 100 Continue\r\n\r\n"; }

bool accepts_rather(const Head& head, std::string_view other, std::string_view usual) {
    const auto* accept = head.field("accept");
    std::string_view rest = accept != nullptr ? std::string_view(*accept) : std::string_view();
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const auto range = rest.substr(0, comma);
        const auto type = trim(range.substr(0, range.find(';')));
        if (equal_words(type, other) || equal_words(type, usual)) {
            return equal_words(type, other);
        }
        rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
    }
    return false;
}

}  // namespace jobhost::http
