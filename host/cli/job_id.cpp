#include "cli/job_id.hpp"

#include <string_view>

#include "base/id.hpp"
#include "cli/json_view.hpp"

namespace jobhost::cli {

namespace {

constexpr std::string_view kUnknownJob = "unknown_job";

base::Error no_such_job(const std::string& word) {
    return {
        base::ErrorKind::NotFound, std::string(kUnknownJob), "There is no job " + word + ".", {}};
}

}  // namespace

base::Result<std::string> id_of_job(ApiClient& client, const std::string& word) {
    const auto slash = word.find('/');
    if (slash == std::string::npos) {
        return word;
    }
    // An empty filter would let every job through.
    if (slash == 0 || slash + 1 == word.size()) {
        return no_such_job(word);
    }
    const auto found = client.get("/api/v1/jobs?limit=1&group=" + escaped(word.substr(0, slash)) +
                                  "&name=" + escaped(word.substr(slash + 1)));
    if (!found) {
        return found.error();
    }
    const auto& items = list_at(found->value, "items");
    if (items.empty()) {
        return no_such_job(word);
    }
    return text_at(items.front(), "id");
}

base::Error about_job(const std::string& word, base::Error error) {
    const bool bare = word.find('/') == std::string::npos && !base::Uuid::parse(word);
    if (bare && error.code == kUnknownJob) {
        error.message += " A name is written with its group: default/" + word;
    }
    return error;
}

}  // namespace jobhost::cli
