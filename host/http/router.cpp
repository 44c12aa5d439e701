#include "http/router.hpp"

#include <optional>
#include <span>
#include <utility>

namespace jobhost::http {

namespace {

bool is_place(std::string_view part) { return part.starts_with('{'); }
bool takes_rest(std::string_view part) { return part.starts_with("{+"); }

std::string join(std::span<const std::string> segments) {
    std::string text;
    for (const auto& segment : segments) {
        text += text.empty() ? segment : '/' + segment;
    }
    return text;
}

/// What stands at the places of the pattern, when the segments fit it.
std::optional<std::vector<std::string>> fit(std::string_view pattern,
                                            const std::vector<std::string>& segments) {
    std::vector<std::string> places;
    std::string_view rest = pattern.substr(1);
    for (std::size_t at = 0; at < segments.size(); ++at) {
        const auto slash = rest.find('/');
        const auto part = rest.substr(0, slash);
        if (takes_rest(part)) {
            places.push_back(join(std::span(segments).subspan(at)));
            return places;
        }
        const bool last_part = slash == std::string_view::npos;
        const bool last_segment = at + 1 == segments.size();
        if (last_part != last_segment || segments[at].empty() != part.empty() ||
            (!is_place(part) && part != segments[at])) {
            return std::nullopt;
        }
        if (is_place(part)) {
            places.push_back(segments[at]);
        }
        rest.remove_prefix(last_part ? rest.size() : slash + 1);
    }
    return places;
}

void add_word(std::string& list, std::string_view word) {
    list += list.empty() ? "" : ", ";
    list += word;
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {}

Match Router::find(std::string_view method, const std::vector<std::string>& segments) const {
    Match match;
    for (const auto& route : routes_) {
        auto places = fit(route.pattern, segments);
        if (!places) {
            continue;
        }
        if (route.method == method || (method == "HEAD" && route.method == "GET")) {
            return {&route, std::move(*places), {}};
        }
        add_word(match.allowed, route.method);
        if (route.method == "GET") {
            add_word(match.allowed, "HEAD");
        }
    }
    return match;
}

}  // namespace jobhost::http
