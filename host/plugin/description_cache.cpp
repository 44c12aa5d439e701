#include "plugin/description_cache.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/id.hpp"
#include "plugin/describe.hpp"
#include "plugin/refusal.hpp"

namespace jobhost::plugin {

namespace {

constexpr std::string_view kDescriber = "describer";
constexpr std::string_view kDescription = "description";
constexpr std::string_view kRefusal = "refused";

}  // namespace

DescriptionCache::DescriptionCache(std::filesystem::path dir, Describer& describer)
    : dir_(std::move(dir)), describer_(describer) {
    std::error_code ignored;
    std::filesystem::create_directories(dir_, ignored);
}

base::Result<PluginDescription> DescriptionCache::describe(const StagedLibrary& library) {
    const auto file = dir_ / (library.digest + ".json");
    if (auto known = remembered(file)) {
        return *std::move(known);
    }
    auto answer = describe_file(library.file, describer_);
    if (answer || answer.error().code == kRefused) {
        remember(file, answer);
    }
    return answer;
}

std::optional<DescriptionCache::Answer> DescriptionCache::remembered(
    const std::filesystem::path& file) const {
    std::ifstream stream(file, std::ios::binary);
    const auto document = base::parse_json(std::string(std::istreambuf_iterator<char>(stream), {}),
                                           kDescriptionDepth);
    if (!document || !document->value.is_object()) {
        return std::nullopt;
    }
    const auto& object = document->value.get_object();
    const auto* const describer = base::find(object, kDescriber);
    if (describer == nullptr || *describer != base::Json(describer_.identity())) {
        return std::nullopt;
    }
    if (const auto* const refusal = base::find(object, kRefusal);
        refusal != nullptr && refusal->is_string()) {
        return refused(std::string(refusal->get_string()));
    }
    const auto* const description = base::find(object, kDescription);
    auto read = description == nullptr ? Answer(refused("")) : description_from_json(*description);
    return read ? std::optional(std::move(read)) : std::nullopt;
}

void DescriptionCache::remember(const std::filesystem::path& file, const Answer& answer) const {
    base::JsonObject object;
    object[kDescriber] = describer_.identity();
    if (answer) {
        object[kDescription] = to_json(*answer);
    } else {
        object[kRefusal] = answer.error().message;
    }
    auto incoming = file;
    incoming += "." + base::random_hex(4);
    std::ofstream stream(incoming, std::ios::binary);
    stream << base::to_text(object) << '\n';
    stream.close();
    std::error_code ignored;
    if (stream) {
        std::filesystem::rename(incoming, file, ignored);
    } else {
        std::filesystem::remove(incoming, ignored);
    }
}

}  // namespace jobhost::plugin
