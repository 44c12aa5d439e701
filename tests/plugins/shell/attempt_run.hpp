#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "attempt.hpp"

namespace jobhost::shell {

/// One attempt as a host makes it, with what it wrote.
class AttemptRun {
public:
    AttemptRun();

    /// Blocks until the attempt is over.
    Conclusion operator()(const std::string& arguments_json);

    /// Called for each piece of output, after it was added to `out` or `err`.
    std::function<void()> on_output = [] {};

    Settings settings;
    JobFacts facts;  ///< the job's id is unlike any other
    CancelSignal cancel;
    int leash = -1;
    std::string out;
    std::string err;
};

/// `{"command": …}` with `more` members behind it: `, "stdin": "x"`.
std::string command(std::string_view text, std::string_view more = "");

/// A JSON string with this text.
std::string json_text(std::string_view text);

/// How many processes are alive that were started for this job, by their environment. A process
/// that has been killed and not reaped is dead.
int living_processes(const std::string& job_id);

/// How many descriptors this process has open.
int open_descriptors();

int count_lines(std::string_view text);

}  // namespace jobhost::shell
