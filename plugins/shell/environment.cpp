#include "environment.hpp"

namespace jobhost::shell {

Environment default_environment() {
    return {{"LANG", "C.UTF-8"}, {"PATH", "/usr/local/bin:/usr/bin:/bin"}};
}

std::optional<std::string> mistake_in_variable(const std::string& name, const std::string& value) {
    if (name.empty() || name.find('=') != std::string::npos ||
        name.find('\0') != std::string::npos) {
        return "a name is not empty and holds neither '=' nor NUL";
    }
    if (name.rfind(kOwnPrefix, 0) == 0) {
        return std::string("names that begin with ") + kOwnPrefix + " are set by the host";
    }
    if (value.find('\0') != std::string::npos) {
        return "a value holds no NUL";
    }
    return std::nullopt;
}

Environment environment_for(const Environment& base,
                            const Environment& own,
                            const JobFacts& facts) {
    Environment all = {{"JOBHOST_ATTEMPT", std::to_string(facts.attempt)},
                       {"JOBHOST_JOB_ID", facts.job_id}};
    if (!facts.job_name.empty()) {
        all["JOBHOST_JOB_NAME"] = facts.job_name;
    }
    if (!facts.traceparent.empty()) {
        all["JOBHOST_TRACEPARENT"] = facts.traceparent;
        all["TRACEPARENT"] = facts.traceparent;
    }
    for (const auto& [name, value] : own) {
        all.insert_or_assign(name, value);
    }
    all.insert(base.begin(), base.end());
    return all;
}

}  // namespace jobhost::shell
