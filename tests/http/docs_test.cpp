#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "http/problem.hpp"
#include "http/routes.hpp"

namespace jobhost::http {
namespace {

std::string page() {
    std::ifstream file(HTTP_API_PAGE);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Docs, EveryErrorCodeIsListedWithItsStatus) {
    const auto text = page();
    for (const auto& code : problem_codes()) {
        const auto row =
            "| `" + std::string(code.code) + "` | " + std::to_string(code.status) + " |";
        EXPECT_NE(text.find(row), std::string::npos) << row;
    }
}

TEST(Docs, EveryRouteIsDescribed) {
    const auto text = page();
    for (const auto& routes : {api_routes(), probe_routes()}) {
        for (const auto& route : routes) {
            std::string pattern(route.pattern);
            std::erase(pattern, '+');
            const auto words = "`" + std::string(route.method) + " " + pattern + "`";
            EXPECT_NE(text.find(words), std::string::npos) << words;
            for (const auto parameter : route.parameters) {
                EXPECT_NE(text.find("`" + std::string(parameter) + "`"), std::string::npos)
                    << parameter;
            }
        }
    }
}

}  // namespace
}  // namespace jobhost::http
