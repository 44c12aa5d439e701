#include <algorithm>

#include <gtest/gtest.h>

#include "http/contract.hpp"
#include "http/routes.hpp"

namespace jobhost::http::testing {
namespace {

/// The description has no sign for a place that may have slashes in it.
std::string described_pattern(const Route& route) {
    std::string pattern(route.pattern);
    std::erase(pattern, '+');
    return pattern;
}

TEST(Openapi, DescribesEveryRouteAndNoOther) {
    std::vector<std::string> routes;
    for (const auto& route : api_routes()) {
        routes.push_back(std::string(route.method) + " " + described_pattern(route));
    }
    auto described = Contract().operations();
    std::ranges::sort(routes);
    std::ranges::sort(described);
    EXPECT_EQ(described, routes);
}

TEST(Openapi, DescribesEveryParameterAndNoOther) {
    const Contract contract;
    for (const auto& route : api_routes()) {
        const std::vector<std::string> known(route.parameters.begin(), route.parameters.end());
        EXPECT_EQ(contract.parameters(std::string(route.method), described_pattern(route)), known)
            << route.method << " " << route.pattern;
    }
}

RawAnswer answer_with(const std::string& body) {
    return {200, {{"content-type", "application/json"}}, body};
}

TEST(Openapi, AnAnswerThatLacksOrAddsAMemberIsFound) {
    const Contract contract;
    const auto breaches = [&](const std::string& body) {
        return contract.breaches("GET", "/problems/x", answer_with(body)).size();
    };
    EXPECT_EQ(breaches(R"({"code":"a","status":1,"title":"b"})"), 0U);
    EXPECT_EQ(breaches(R"({"code":"a","status":1})"), 1U);
    EXPECT_EQ(breaches(R"({"code":"a","status":1,"title":"b","more":1})"), 1U);
    EXPECT_EQ(breaches(R"({"code":1,"status":"x","title":"b"})"), 2U);
    EXPECT_EQ(contract.breaches("GET", "/nowhere", answer_with("{}")).size(), 1U);
    EXPECT_EQ(
        contract.breaches("GET", "/problems/x", {200, {{"content-type", "text/html"}}, ""}).size(),
        1U);
}

}  // namespace
}  // namespace jobhost::http::testing
