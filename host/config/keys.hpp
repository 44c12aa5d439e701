#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "config/host_config.hpp"
#include "config/judge.hpp"

namespace jobhost::config {

/// A configuration that is being put together; `read` turns it into a `HostConfig`.
struct Draft {
    HostConfig config;
    std::optional<std::filesystem::path> sqlite_file;
    std::vector<PlacedEndpoint> api;
    std::vector<PlacedEndpoint> probes;
};

// What a setting may hold, and where it goes.
template <typename T>
using Field = T& (*)(Draft&);

struct TextSetting {
    Field<std::string> field;
};
struct PathSetting {
    Field<std::filesystem::path> field;
};
struct ZoneSetting {
    Field<std::string> field;
};
struct LabelsSetting {
    Field<core::LabelMap> field;
};
struct HostNamesSetting {
    Field<std::vector<std::string>> field;
};
struct FoldersSetting {
    Field<std::vector<std::filesystem::path>> field;
};
struct AddressesSetting {
    Field<std::vector<PlacedEndpoint>> field;
};
struct CountSetting {
    Judge::Range range;
    Field<int> field;
};
struct NumberSetting {
    Judge::NumberRange range;
    Field<double> field;
};
struct YesNoSetting {
    Field<bool> field;
};
struct SizeSetting {
    Judge::Range range;
    Field<std::size_t> field;
};
struct DurationSetting {
    Judge::DurationRange range;
    Field<base::Duration> field;
};
/// One of a few words, or what needs code of its own.
struct OwnSetting {
    std::string_view form;  ///< for people: "trace, debug, info, warn or error"
    void (*apply)(Judge& judge, const Value& value, Draft& draft);
};

using Setting = std::variant<TextSetting,
                             PathSetting,
                             ZoneSetting,
                             LabelsSetting,
                             HostNamesSetting,
                             FoldersSetting,
                             AddressesSetting,
                             CountSetting,
                             NumberSetting,
                             YesNoSetting,
                             SizeSetting,
                             DurationSetting,
                             OwnSetting>;

/// One setting of the file.
struct Key {
    std::string_view section;
    std::string_view name;
    std::string_view default_text;  ///< as TOML; empty when it depends on the machine
    Setting setting;
    std::string_view
        help;  ///< one sentence, and what the default is when it depends on the machine

    /// "run.workers"
    [[nodiscard]] std::string full_name() const;
    /// What it may hold, for people: "whole number, 1 to 1024".
    [[nodiscard]] std::string form() const;
    /// Judges the value and keeps what it means.
    void apply(Judge& judge, const Value& value, Draft& draft) const;
};

/// Every setting outside of `[[plugin]]`, `[[classify]]`, `[[calendar]]`, `[[preset]]` and
/// `[[job]]`, in the order of the shipped file.
[[nodiscard]] std::span<const Key> keys();

/// Null when there is none.
[[nodiscard]] const Key* find_key(std::string_view section, std::string_view name);

/// The names of the sections, and of the settings in one of them.
[[nodiscard]] std::vector<std::string_view> section_names();
[[nodiscard]] std::vector<std::string_view> key_names(std::string_view section);

/// Judges the word of an `isolation` setting. There is one mode yet, so it means nothing; the modes
/// of later versions are refused with a reason.
void judge_isolation(Judge& judge, const Value& value);

}  // namespace jobhost::config
