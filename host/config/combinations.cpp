#include "config/combinations.hpp"

#include <string>

#include "config/endpoint.hpp"

namespace jobhost::config {

namespace {

struct Listener {
    std::string_view setting;
    const PlacedEndpoint* placed;
};

std::vector<Listener> listeners(const Draft& draft) {
    std::vector<Listener> all;
    for (const auto& placed : draft.api) {
        all.push_back({"http.listen", &placed});
    }
    for (const auto& placed : draft.probes) {
        all.push_back({"probes.listen", &placed});
    }
    return all;
}

}  // namespace

std::vector<Problem> judge_combinations(const Draft& draft) {
    std::vector<Problem> problems;
    const auto all = listeners(draft);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& [setting, placed] = all[i];
        const auto address = to_text(placed->endpoint);
        if (!is_loopback(placed->endpoint)) {
            problems.push_back({placed->place, "unsafe",
                                std::string(setting) + " opens " + address +
                                    " to other machines while auth.mode is \"none\"",
                                "listen on 127.0.0.1"});
        }
        for (std::size_t j = 0; j < i; ++j) {
            if (collide(placed->endpoint, all[j].placed->endpoint)) {
                problems.push_back({placed->place, "duplicate",
                                    std::string(setting) + " uses " + address + ", which " +
                                        std::string(all[j].setting) + " uses already",
                                    "take another port"});
                break;
            }
        }
    }
    return problems;
}

}  // namespace jobhost::config
