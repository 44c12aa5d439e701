#include "plugin/describe.hpp"

#include <exception>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "base/version.hpp"
#include "plugin/c_border.hpp"
#include "plugin/descriptor.hpp"
#include "plugin/elf.hpp"
#include "plugin/library.hpp"
#include "plugin/refusal.hpp"

namespace jobhost::plugin {

namespace {

base::Result<const jh_plugin*> ask(Entry entry) {
    const auto host = describing_host(base::kVersion);
    try {
        return entry(&host);
    } catch (const std::exception& exception) {
        return refused(std::string("it let an exception out of its entry: ") + exception.what());
    } catch (...) {
        return refused("it let an exception out of its entry");
    }
}

}  // namespace

base::Result<PluginDescription> describe_here(const std::filesystem::path& library) {
    if (auto checked = check_elf_file(library); !checked) {
        return std::move(checked).error();
    }
    auto entry = map_library(library);
    if (!entry) {
        return std::move(entry).error();
    }
    const auto plugin = ask(*entry);
    if (!plugin) {
        return plugin.error();
    }
    auto read = read_descriptor(*plugin);
    if (!read) {
        return std::move(read).error();
    }
    return std::move(read->description);
}

base::Result<PluginDescription> describe_file(const std::filesystem::path& library,
                                              Describer& describer) {
    auto answer = describer.describe(library);
    if (!answer) {
        return std::move(answer).error();
    }
    const auto document = base::parse_json(*std::move(answer), kDescriptionDepth);
    return document ? description_from_json(document->value) : document.error();
}

}  // namespace jobhost::plugin
