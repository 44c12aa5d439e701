#pragma once

#include <string>

#include "base/result.hpp"
#include "cli/api_client.hpp"

namespace jobhost::cli {

/// The id of the job that `word` names. `GROUP/NAME` is looked up; anything else is taken for an id
/// and costs no question.
[[nodiscard]] base::Result<std::string> id_of_job(ApiClient& client, const std::string& word);

/// `error` of a question about the job that `word` names. Of a word that is a name without its
/// group it also says what to write: a name may be there in several groups, so none is guessed.
[[nodiscard]] base::Error about_job(const std::string& word, base::Error error);

}  // namespace jobhost::cli
