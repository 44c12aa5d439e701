#include "config/workspace.hpp"

#include "config/read.hpp"

namespace jobhost::config::testing {

void Workspace::make_folder(const std::filesystem::path& name) const {
    std::filesystem::create_directories(folder() / name);
}

base::Result<HostConfig> Workspace::read(std::string_view text) const {
    write("jobhost.toml", text);
    return read_named("jobhost.toml");
}

base::Result<HostConfig> Workspace::read_named(const std::filesystem::path& name) const {
    // The name as a person gives it who stands in the folder, so that messages hold no random path.
    const Inputs inputs{name, environment, sets, folder(), folder() / "bin", "machine"};
    return config::read(inputs);
}

std::string Workspace::mistakes(std::string_view text) const {
    const auto config = read(text);
    return config ? std::string() : config.error().message;
}

}  // namespace jobhost::config::testing
