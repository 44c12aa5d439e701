#include "cli/terminal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "cli/program.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::cli::testing {

Said run(std::vector<std::string> words, const config::Environment& environment) {
    const support::TempDir folder;
    const auto out = folder / "out";
    const auto err = folder / "err";
    const int out_number = ::open(out.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const int err_number = ::open(err.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    Console console(out_number, err_number);
    const int code = run_program(words, environment, console);
    ::close(out_number);
    ::close(err_number);
    return {code, support::read_file(out), support::read_file(err)};
}

Said run_at(const std::string& address, std::vector<std::string> words) {
    return run(std::move(words), {{"JOBHOST_HOST", address}});
}

}  // namespace jobhost::cli::testing
