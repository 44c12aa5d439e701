#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "plugin/log_gate.hpp"

namespace jobhost::plugin {

/// How one plugin behaves: counts what it does against the rules of the border, and writes its
/// lines into the log under its name. [any thread]
class Conduct {
public:
    Conduct(std::string id, const std::string& version);

    [[nodiscard]] const std::string& id() const { return id_; }
    /// "plugin `acme.mail` 1.2.0", for sentences.
    [[nodiscard]] const std::string& name() const { return name_; }

    /// The plugin broke a rule: counted always, logged unless it floods. `what` goes on after the
    /// name: "used a context that had ended". `job_id` may be empty.
    void broke_rule(std::string_view what, std::string_view job_id = {}) noexcept;

    [[nodiscard]] int broken_rules() const noexcept {
        return broken_rules_.load(std::memory_order_relaxed);
    }

    /// A line of the plugin's own, unless it floods. `fields_json` and `job_id` may be empty.
    void say(base::LogLevel level,
             std::string_view text,
             const std::string& fields_json,
             std::string_view job_id) noexcept;

private:
    [[nodiscard]] bool admitted() noexcept;
    void write(base::LogLevel level,
               std::string_view text,
               const std::string& fields_json,
               std::string_view job_id) const;

    std::string id_;
    std::string name_;
    std::atomic<int> broken_rules_{0};
    LogGate gate_;
};

}  // namespace jobhost::plugin
