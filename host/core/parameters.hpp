#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "core/job.hpp"

namespace jobhost::core {

/// The numbers are those of the plugin border.
enum class ParameterType : int {
    String = 1,
    Text = 2,
    Integer = 3,
    Number = 4,
    Boolean = 5,
    Enum = 6,
    DateTime = 7,
    Duration = 8,
    Json = 9,
    File = 10,
};

[[nodiscard]] std::string_view name(ParameterType type);
[[nodiscard]] std::optional<ParameterType> parameter_type_from(std::string_view name);

/// One argument that a runner takes, as data: forms, help and validation are made from it.
struct Parameter {
    std::string name = {};
    std::string display_name = {};
    std::string description = {};
    ParameterType type = ParameterType::Json;
    bool required = false;
    bool secret = false;
    bool repeated = false;
    bool hidden = false;
    bool deprecated = false;
    std::string default_json = {};  ///< a JSON value or empty
    std::string schema_json = {};   ///< an object with minimum, maximum, min_length, max_length,
                                    ///< pattern, enum; or empty

    friend bool operator==(const Parameter&, const Parameter&) = default;
};

/// A job type as nodes publish it.
struct TypeInfo {
    std::string id = {};  ///< "shell.run"
    std::string display_name = {};
    std::string description = {};
    std::string plugin = {};  ///< id and version of the plugin that brings it
    std::string plugin_version = {};
    std::vector<Parameter> parameters = {};
    bool blocking = true;     ///< an attempt occupies a worker; else it is only a record
    int max_concurrency = 0;  ///< of this node; 0 = as many as the host allows
    std::optional<Duration> retry_base = {};  ///< first retry delay that suits this runner

    friend bool operator==(const TypeInfo&, const TypeInfo&) = default;
};

/// Judges a description itself: its schema can be read, an enum has choices, and the default is a
/// value that `check_args` would take. One error of code `bad_parameter`.
[[nodiscard]] base::Result<base::Unit> check_parameter(const Parameter& parameter);

/// Judges arguments against the descriptions, before anything is stored: every unknown, missing or
/// wrong argument is one field error `args.NAME`, of an item of a list `args.NAME[2]`. Null counts
/// as not given. A duration is a number of seconds or a text like "30s"; a secret parameter takes
/// `{"$secret": "name"}` and nothing else. Codes: required, unknown, wrong_type, out_of_range,
/// too_short, too_long, not_allowed, pattern, secret_literal, bad_schema.
[[nodiscard]] base::Result<base::Unit> check_args(const TypeInfo& type,
                                                  const base::JsonObject& args);

/// What the runner is given instead of `args`, which `check_args` has accepted: defaults stand
/// where nothing was given, and durations are numbers of seconds. Everything else keeps its text.
[[nodiscard]] std::string complete_args(const TypeInfo& type, const base::JsonText& args);

/// The public form of a type: what `GET /api/v1/types` and `plugin describe` show.
[[nodiscard]] base::JsonObject to_json(const TypeInfo& type);
[[nodiscard]] base::JsonObject to_json(const Parameter& parameter);

/// Reads back what `to_json` wrote.
[[nodiscard]] base::Result<TypeInfo> type_from_json(const base::Json& json);

}  // namespace jobhost::core
