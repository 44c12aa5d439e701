#include "http/router.hpp"

#include <gtest/gtest.h>

namespace jobhost::http {
namespace {

Answer nothing(const Call&) { return Response{}; }

const Router& router() {
    static const Router kRouter({{"GET", "/jobs", {}, nothing},
                                 {"POST", "/jobs", {}, nothing},
                                 {"GET", "/jobs/{id}", {}, nothing},
                                 {"POST", "/jobs/{id}/cancel", {}, nothing},
                                 {"GET", "/a/{b}/c/{d}", {}, nothing},
                                 {"GET", "/types/{+id}", {}, nothing}});
    return kRouter;
}

Match find(std::string_view method, std::vector<std::string> segments) {
    return router().find(method, segments);
}

TEST(Router, FindsTheRouteOfAPathAndAMethod) {
    EXPECT_EQ(find("GET", {"jobs"}).route, &router().routes()[0]);
    EXPECT_EQ(find("POST", {"jobs"}).route, &router().routes()[1]);
    const auto match = find("GET", {"a", "1", "c", "2"});
    EXPECT_EQ(match.route, &router().routes()[4]);
    EXPECT_EQ(match.path, (std::vector<std::string>{"1", "2"}));
}

TEST(Router, HeadGoesWhereGetGoes) {
    EXPECT_EQ(find("HEAD", {"jobs", "1"}).route, &router().routes()[2]);
    EXPECT_EQ(find("HEAD", {"jobs", "1", "cancel"}).route, nullptr);
}

TEST(Router, NoOtherPathIsTaken) {
    for (const std::vector<std::string>& path : {std::vector<std::string>{""},
                                                 {"job"},
                                                 {"jobs", ""},
                                                 {"jobs", "1", ""},
                                                 {"", "jobs"},
                                                 {"jobs", "1", "cancel", "x"},
                                                 {"jobs", "", "cancel"},
                                                 {"a", "1", "c"}}) {
        const auto match = find("GET", path);
        EXPECT_EQ(match.route, nullptr);
        EXPECT_EQ(match.allowed, "");
    }
}

TEST(Router, APlaceAtTheEndMayTakeAllThatIsLeft) {
    EXPECT_EQ(find("GET", {"types", "mail"}).path, std::vector<std::string>{"mail"});
    EXPECT_EQ(find("GET", {"types", "a", "b", "c"}).path, std::vector<std::string>{"a/b/c"});
    EXPECT_EQ(find("GET", {"types"}).route, nullptr);
}

TEST(Router, AWrongMethodIsToldTheRightOnes) {
    EXPECT_EQ(find("DELETE", {"jobs"}).allowed, "GET, HEAD, POST");
    EXPECT_EQ(find("GET", {"jobs", "1", "cancel"}).allowed, "POST");
}

}  // namespace
}  // namespace jobhost::http
