#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "thunks.hpp"

namespace jobhost::sdk {
inline namespace JOBHOST_SDK_LEVEL {

enum class ParamType : std::uint32_t {
    String = JH_PARAM_STRING,      ///< one line of text
    Text = JH_PARAM_TEXT,          ///< several lines
    Int = JH_PARAM_INT,            ///< a whole number
    Number = JH_PARAM_NUMBER,      ///< a number
    Bool = JH_PARAM_BOOL,          ///< true or false
    Enum = JH_PARAM_ENUM,          ///< one of one_of()
    Datetime = JH_PARAM_DATETIME,  ///< RFC 3339 text
    Duration = JH_PARAM_DURATION,  ///< seconds, as a number
    Json = JH_PARAM_JSON,          ///< any value
    File = JH_PARAM_FILE,          ///< a path on the node that runs the job
};

namespace detail {

inline std::string json_text(std::string_view text) {
    constexpr const char* kHex = "0123456789abcdef";
    std::string json = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
            json += {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
        } else {
            if (c == '"' || c == '\\') {
                json += '\\';
            }
            json += c;
        }
    }
    return json + '"';
}

}  // namespace detail

/// One argument that a runner takes: `Param("seconds", ParamType::Number).required()`.
class Param {
public:
    /// `name` is [a-z0-9_.-] and never gets another meaning: jobs that use it are stored.
    Param(std::string name, ParamType type) : name_(std::move(name)), type_(type) {}

    /// What a form shows, and what people read.
    Param& describe(std::string display_name, std::string description) {
        display_name_ = std::move(display_name);
        description_ = std::move(description);
        return *this;
    }

    Param& required() { return flag(JH_PARAM_REQUIRED); }
    /// Given by reference, never stored or shown in clear; read it with arg<std::string>().
    Param& secret() { return flag(JH_PARAM_SECRET); }
    /// An array of values of the type; read it with find_json().
    Param& repeated() { return flag(JH_PARAM_REPEATED); }
    /// Not offered in forms.
    Param& hidden() { return flag(JH_PARAM_HIDDEN); }
    /// Accepted, and shown as such; no warning yet.
    Param& deprecated() { return flag(JH_PARAM_DEPRECATED); }

    /// What counts when the argument was not given.
    Param& fallback_json(std::string json) {
        default_json_ = std::move(json);
        return *this;
    }
    Param& fallback(std::string_view text) { return fallback_json(detail::json_text(text)); }
    Param& fallback(const char* text) { return fallback(std::string_view(text)); }
    Param& fallback(bool value) { return fallback_json(value ? "true" : "false"); }
    Param& fallback(int value) { return fallback_json(std::to_string(value)); }

    /// What the host refuses before it stores a job.
    Param& at_least(int minimum) { return rule("minimum", std::to_string(minimum)); }
    Param& at_most(int maximum) { return rule("maximum", std::to_string(maximum)); }
    Param& longest(int characters) { return rule("maxLength", std::to_string(characters)); }
    Param& pattern(std::string_view regex) { return rule("pattern", detail::json_text(regex)); }
    Param& one_of(std::initializer_list<std::string_view> texts) {
        std::string array;
        for (const std::string_view text : texts) {
            array += (array.empty() ? "[" : ",") + detail::json_text(text);
        }
        return rule("enum", array + "]");
    }

    /// The same in C. Borrows from this object.
    [[nodiscard]] jh_param borrowed() const {
        jh_param param = {};
        param.struct_size = JH_STRUCT_SIZE(jh_param);
        param.flags = flags_;
        param.name = name_.c_str();
        param.display_name = detail::borrow(display_name_);
        param.description = detail::borrow(description_);
        param.type = static_cast<std::uint32_t>(type_);
        param.default_json = detail::borrow(default_json_);
        param.schema_json = detail::borrow(schema_json_);
        return param;
    }

private:
    Param& flag(std::uint32_t bit) {
        flags_ |= bit;
        return *this;
    }

    Param& rule(const char* name, const std::string& json) {
        const std::string open = schema_json_.empty()
                                     ? std::string("{")
                                     : schema_json_.substr(0, schema_json_.size() - 1) + ",";
        schema_json_ = open + '"' + name + "\":" + json + "}";
        return *this;
    }

    std::string name_;
    std::string display_name_;
    std::string description_;
    ParamType type_;
    std::uint32_t flags_ = 0;
    std::string default_json_;
    std::string schema_json_;
};

/// A job type. Made by runner<...>().
class Runner {
public:
    Runner(std::string id, detail::Work work) : id_(std::move(id)), work_(work) {}

    Runner& describe(std::string display_name, std::string description) {
        display_name_ = std::move(display_name);
        description_ = std::move(description);
        return *this;
    }

    Runner& param(Param param) {
        params_.push_back(std::move(param));
        return *this;
    }

    /// Attempts at once on one node.
    Runner& at_once(std::uint32_t limit) {
        max_concurrency_ = limit;
        return *this;
    }

    /// Delay before the second try, where the default of 50 ms is absurd.
    template <class Rep, class Period>
    Runner& retry_base(std::chrono::duration<Rep, Period> delay) {
        retry_base_ms_ = static_cast<std::uint64_t>(detail::whole_milliseconds(delay));
        return *this;
    }

    /// Judges arguments beyond what the parameters say. `Judge` is a function
    /// `void (const Arguments&)` that throws a Failure; the same answer each time, and quick.
    template <void (*Judge)(const Arguments&)>
    Runner& validate() {
        validate_ = &detail::validate<Judge>;
        return *this;
    }

    /// Without an effect yet, see JH_RUNNER_NO_ACTIONS and its siblings.
    Runner& no_actions() { return flag(JH_RUNNER_NO_ACTIONS); }
    Runner& no_status() { return flag(JH_RUNNER_NO_STATUS); }
    Runner& no_run_log() { return flag(JH_RUNNER_NO_RUN_LOG); }

private:
    friend class detail::Description;

    Runner& flag(std::uint32_t bit) {
        flags_ |= bit;
        return *this;
    }

    std::string id_;
    std::string display_name_;
    std::string description_;
    std::vector<Param> params_;
    std::uint32_t flags_ = 0;
    std::uint32_t max_concurrency_ = 0;
    std::uint64_t retry_base_ms_ = 0;
    detail::Work work_;
    detail::Validate validate_ = nullptr;
};

/// `runner<task>("vendor.name")`. `task` is one of
///   Outcome (Attempt&)               does the work and returns how it ended; it may block
///   void (Completion)                begins the work and returns; Completion::finish() ends it
/// as a function, or as `&Class::function`. All functions of one class share one object per loaded
/// plugin, made from a Setup (or nothing) when the plugin starts, and destroyed when it stops: its
/// constructor throws to refuse, its destructor joins its threads. It is called by several threads
/// at once.
template <auto Task>
[[nodiscard]] Runner runner(std::string id) {
    return Runner(std::move(id), detail::work_of<Task>());
}

/// What the library says about itself; the argument of JOBHOST_PLUGIN.
class Plugin {
public:
    /// `id` is "vendor.name", `version` "1.2.3".
    Plugin(std::string id, std::string version)
        : id_(std::move(id)), version_(std::move(version)) {}

    Plugin& describe(std::string display_name, std::string description) {
        display_name_ = std::move(display_name);
        description_ = std::move(description);
        return *this;
    }

    Plugin& vendor(std::string name, std::string url) {
        vendor_ = std::move(name);
        url_ = std::move(url);
        return *this;
    }

    /// An SPDX expression.
    Plugin& license(std::string expression) {
        license_ = std::move(expression);
        return *this;
    }

    Plugin& runner(Runner runner) {
        runners_.push_back(std::move(runner));
        return *this;
    }

private:
    friend class detail::Description;

    std::string id_;
    std::string version_;
    std::string display_name_;
    std::string description_;
    std::string vendor_;
    std::string url_;
    std::string license_;
    std::vector<Runner> runners_;
};

}  // namespace JOBHOST_SDK_LEVEL
}  // namespace jobhost::sdk
