#include "plugin/library.hpp"

#include <string>
#include <string_view>

#include <boost/dll/shared_library.hpp>
#include <dlfcn.h>

#include "plugin/refusal.hpp"

namespace jobhost::plugin {

namespace {

namespace dll = boost::dll;

constexpr const char* kEntry = "jobhost_plugin_v1";

/// Boost hands a flag that it does not know on to the loader, so closing does not unmap.
constexpr auto kMode = dll::load_mode::rtld_now | dll::load_mode::rtld_local |
                       static_cast<dll::load_mode::type>(RTLD_NODELETE);

/// A sentence of the loader that names a file which is not there names it first.
bool is_about_another(std::string_view what) {
    return what.find(": cannot open shared object file") != std::string_view::npos;
}

/// What the loader said, without the words around it and without the path of the private copy.
std::string loader_sentence(std::string_view what, const std::filesystem::path& file) {
    constexpr std::string_view kBefore = "dlerror system message: ";
    constexpr std::string_view kAfter = "): ";
    if (const auto start = what.find(kBefore); start != std::string_view::npos) {
        what.remove_prefix(start + kBefore.size());
        what = what.substr(0, what.rfind(kAfter));
    }
    const auto path = file.string() + ": ";
    if (what.starts_with(path)) {
        what.remove_prefix(path.size());
    }
    return std::string(what) + (is_about_another(what)
                                    ? ". Libraries beside the plugin are not looked for, since the "
                                      "host runs a private copy: link it statically or install it"
                                    : "");
}

}  // namespace

base::Result<Entry> map_library(const std::filesystem::path& file) {
    try {
        const dll::shared_library library(file, kMode);
        return &library.get<const jh_plugin*(const jh_host*)>(kEntry);
    } catch (const std::exception& exception) {
        return not_loadable("it cannot be loaded: " + loader_sentence(exception.what(), file));
    }
}

}  // namespace jobhost::plugin
