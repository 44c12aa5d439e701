// Poco's layered settings hold text by name and know nothing of types or of places in a file, so
// they carry what comes from outside the file only; the file itself keeps its positions.
#include "config/overrides.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include <Poco/AutoPtr.h>
#include <Poco/Util/LayeredConfiguration.h>
#include <Poco/Util/MapConfiguration.h>

#include "base/quote.hpp"
#include "base/utf8.hpp"

namespace jobhost::config {

namespace {

using Poco::Util::AbstractConfiguration;
using Poco::Util::LayeredConfiguration;
using Poco::Util::MapConfiguration;

constexpr std::string_view kPrefix = "JOBHOST_";

/// The key that a variable stands for, or empty.
std::string key_of(std::string_view variable) {
    if (!variable.starts_with(kPrefix)) {
        return {};
    }
    std::string key;
    variable.remove_prefix(kPrefix.size());
    for (std::size_t i = 0; i < variable.size(); ++i) {
        if (variable.substr(i, 2) == "__") {
            key += '.';
            ++i;
        } else {
            key += static_cast<char>(std::tolower(static_cast<unsigned char>(variable[i])));
        }
    }
    return key.find('.') == std::string::npos ? std::string() : key;
}

/// The places of keys that begin or end with a dot would be lost in the layers.
bool is_whole(std::string_view key) {
    return !key.empty() && key.front() != '.' && key.back() != '.' &&
           key.find("..") == std::string_view::npos;
}

void add_environment(const Environment& environment, MapConfiguration& layer, Overrides& result) {
    for (const auto& [name, text] : environment) {
        const auto key = key_of(name);
        if (key.empty()) {
            continue;
        }
        if (!is_whole(key) || !base::is_clean_utf8(text)) {
            result.problems.push_back({{0, 0, 1, name},
                                       "bad_override",
                                       "the name must be JOBHOST_SECTION__KEY and the value text"});
            continue;
        }
        layer.setString(key, text);
    }
}

void add_sets(std::span<const std::string> sets, MapConfiguration& layer, Overrides& result) {
    for (const auto& set : sets) {
        const auto key = set.substr(0, set.find('='));
        if (key.size() == set.size() || !is_whole(key) || !base::is_clean_utf8(set)) {
            result.problems.push_back({{0, 0, 1, "--set"},
                                       "bad_override",
                                       base::in_quotes(set) + " must be SECTION.KEY=VALUE",
                                       "example: --set run.workers=8"});
            continue;
        }
        layer.setString(key, set.substr(key.size() + 1));
    }
}

/// Every key below `prefix` that has a value.
void collect_keys(const AbstractConfiguration& layers,
                  const std::string& prefix,
                  std::vector<std::string>& found) {
    AbstractConfiguration::Keys names;
    layers.keys(prefix, names);
    for (const auto& name : names) {
        const auto key = prefix.empty() ? name : prefix + "." + name;
        if (layers.has(key)) {
            found.push_back(key);
        }
        collect_keys(layers, key, found);
    }
}

}  // namespace

std::string variable_of(std::string_view key) {
    std::string name(kPrefix);
    for (const char letter : key) {
        name += letter == '.'
                    ? std::string("__")
                    : std::string(
                          1, static_cast<char>(std::toupper(static_cast<unsigned char>(letter))));
    }
    return name;
}

Overrides overrides(const Environment& environment, std::span<const std::string> sets) {
    Overrides result;
    Poco::AutoPtr<MapConfiguration> variables(new MapConfiguration);
    Poco::AutoPtr<MapConfiguration> options(new MapConfiguration);
    add_environment(environment, *variables, result);
    add_sets(sets, *options, result);

    Poco::AutoPtr<LayeredConfiguration> layers(new LayeredConfiguration);
    layers->add(variables, 1);
    layers->add(options, 0);
    std::vector<std::string> keys;
    collect_keys(*layers, "", keys);
    std::ranges::sort(keys);
    for (const auto& key : keys) {
        const auto origin = options->has(key) ? "--set " + key : variable_of(key);
        result.winning.push_back({key, layers->getRawString(key), {0, 0, 1, origin}});
    }
    return result;
}

}  // namespace jobhost::config
