#include <array>
#include <vector>

#include "cli/cron_verbs.hpp"
#include "cli/host_verbs.hpp"
#include "cli/job_operations.hpp"
#include "cli/job_verbs.hpp"
#include "cli/node_verbs.hpp"
#include "cli/plugin_verbs.hpp"
#include "cli/verb.hpp"
#include "cli/why_verb.hpp"

namespace jobhost::cli {

std::string Verb::full_name() const {
    return noun.empty() ? std::string(name) : std::string(noun) + " " + std::string(name);
}

std::span<const Verb> verbs() {
    static const auto all_verbs = [] {
        std::vector<Verb> all;
        for (const auto some : {host_verbs(), node_verbs(), job_verbs(), job_operation_verbs(),
                                why_verbs(), cron_verbs(), plugin_verbs()}) {
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }();
    return all_verbs;
}

std::span<const Option> common_options() {
    static constexpr std::array<std::string_view, 2> kFormats{"table", "json"};
    static constexpr std::array kOptions{
        Option{.name = "--output",
               .value = "WORD",
               .form = Form::Choice,
               .help = "table for people (the default), or json: that of the API",
               .words = kFormats},
    };
    return kOptions;
}

std::span<const Option> host_options() {
    static constexpr std::array kOptions{
        Option{"--host", "URL", Form::Text,
               "the host to ask; else JOBHOST_HOST, else http://127.0.0.1:7460"},
    };
    return kOptions;
}

}  // namespace jobhost::cli
