#include "config/plugin_tables.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "base/nearest.hpp"
#include "base/quote.hpp"
#include "config/keys.hpp"
#include "config/plugin_json.hpp"

namespace jobhost::config {

namespace {

constexpr std::array<std::string_view, 3> kNames{"id", "isolation", "config"};

class PluginTables {
public:
    PluginTables(bool complete, const Folders& folders, std::vector<Problem>& problems)
        : complete_(complete), folders_(folders), problems_(problems) {}

    void read(const Entry& entry) {
        for (const auto& item : tables_of(entry, problems_)) {
            read_one(*item.table(), item.place);
        }
    }

    std::vector<plugin::PluginOptions> take() { return std::move(options_); }

private:
    void read_one(const Table& table, const Place& place) {
        plugin::PluginOptions options;
        bool has_id = false;
        for (const auto& entry : table) {
            Judge judge("plugin." + entry.key, folders_, problems_);
            has_id = has_id || entry.key == "id";
            if (entry.value.broken) {
                continue;
            }
            if (entry.key == "id") {
                read_id(judge, entry.value, options);
            } else if (entry.key == "isolation") {
                judge_isolation(judge, entry.value);
            } else if (entry.key == "config") {
                read_config(judge, entry.value, options);
            } else {
                problems_.push_back({entry.place, "unknown_key",
                                     "unknown key " + base::in_quotes(entry.key) + " in [[plugin]]",
                                     base::did_you_mean(entry.key, kNames)});
            }
        }
        if (!has_id && complete_) {
            problems_.push_back(
                {place, "missing_key", "this [[plugin]] has no id", "add id = \"NAME\""});
        }
        options_.push_back(std::move(options));
    }

    void read_id(Judge& judge, const Value& value, plugin::PluginOptions& options) {
        const auto id = judge.text(value);
        if (!id) {
            return;
        }
        const auto [first, is_new] = lines_.emplace(*id, value.place.line);
        if (!is_new) {
            judge.refuse(value.place, "duplicate",
                         base::in_quotes(*id) + " has a table of its own already",
                         "the other is in line " + std::to_string(first->second));
        }
        options.id = *id;
    }

    static void read_config(Judge& judge, const Value& value, plugin::PluginOptions& options) {
        const auto* table = value.table();
        if (table == nullptr) {
            judge.refuse(value.place, "wrong_type",
                         "must be a table, and this is " + std::string(kind_name(value)));
            return;
        }
        if (const auto* number = find_unlimited(*table)) {
            judge.refuse(number->place, "bad_value", "must not hold inf or nan");
            return;
        }
        options.config_json = json_text(*table);
    }

    bool complete_;
    const Folders& folders_;
    std::vector<Problem>& problems_;
    std::vector<plugin::PluginOptions> options_;
    std::map<std::string, int> lines_;
};

}  // namespace

std::vector<plugin::PluginOptions> read_plugin_tables(const Entry& entry,
                                                      bool complete,
                                                      const Folders& folders,
                                                      std::vector<Problem>& problems) {
    PluginTables tables(complete, folders, problems);
    tables.read(entry);
    return tables.take();
}

}  // namespace jobhost::config
