#include "cli/configuration.hpp"

#include <array>
#include <filesystem>
#include <unistd.h>

#include "config/read.hpp"

namespace jobhost::cli {

namespace {

std::string machine_name() {
    std::array<char, 256> name{};
    const bool known = ::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0';
    return known ? name.data() : "localhost";
}

}  // namespace

std::filesystem::path program_file() {
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::filesystem::path("/usr/bin/jobhost") : program;
}

base::Result<config::HostConfig> read_configuration(const Arguments& arguments,
                                                    const config::Environment& environment) {
    std::error_code error;
    config::Inputs inputs;
    inputs.file = arguments.text("--config").value_or(std::string(kDefaultConfig));
    inputs.environment = environment;
    inputs.sets = arguments.texts("--set");
    inputs.working_dir = std::filesystem::current_path(error);
    inputs.program_dir = program_file().parent_path();
    inputs.machine_name = machine_name();
    if (!arguments.flag("--config") && !std::filesystem::exists(inputs.file, error)) {
        return base::Error{
            base::ErrorKind::Invalid,
            "config_invalid",
            "there is no " + inputs.file.string() + "; name a configuration with --config FILE",
            {}};
    }
    return config::read(inputs);
}

}  // namespace jobhost::cli
