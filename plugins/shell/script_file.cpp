#include "script_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.hpp"

namespace jobhost::shell {

Result<ScriptFile> ScriptFile::write(const std::string& directory, std::string_view text) {
    std::string path = directory + "/jobhost-script-XXXXXX";
    const Descriptor file(::mkostemp(path.data(), O_CLOEXEC));
    if (!file) {
        return short_of_resources("make a file for the script in '" + directory + "'", errno);
    }
    ScriptFile script(path);
    if (!write_all(file.number(), text) || ::fchmod(file.number(), S_IRUSR | S_IXUSR) != 0) {
        return short_of_resources("write the script to '" + path + "'", errno);
    }
    return script;
}

ScriptFile::~ScriptFile() {
    if (!path_.empty()) {
        ::unlink(path_.c_str());
    }
}

}  // namespace jobhost::shell
