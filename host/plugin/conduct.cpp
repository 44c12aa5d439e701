#include "plugin/conduct.hpp"

#include <chrono>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace jobhost::plugin {

namespace {

constexpr int kLinesPerSecond = 100;
constexpr std::size_t kMostFields = 16;
constexpr std::string_view kPart = "plugin";

std::string text_of(const base::Json& value) {
    return value.is_string() ? std::string(value.get_string()) : base::to_text(value);
}

}  // namespace

Conduct::Conduct(std::string id, const std::string& version)
    : id_(std::move(id)), name_("plugin `" + id_ + "` " + version), gate_(kLinesPerSecond) {}

void Conduct::broke_rule(std::string_view what, std::string_view job_id) noexcept {
    broken_rules_.fetch_add(1, std::memory_order_relaxed);
    if (admitted()) {
        write(base::LogLevel::Warn, name_ + " misbehaves: it " + std::string(what), "", job_id);
    }
}

void Conduct::say(base::LogLevel level,
                  std::string_view text,
                  const std::string& fields_json,
                  std::string_view job_id) noexcept {
    if (base::log_enabled(level) && admitted()) {
        write(level, text, fields_json, job_id);
    }
}

void Conduct::write(base::LogLevel level,
                    std::string_view text,
                    const std::string& fields_json,
                    std::string_view job_id) const {
    std::vector<base::LogField> fields{{"plugin", id_}};
    if (!job_id.empty()) {
        fields.push_back({"job_id", std::string(job_id)});
    }
    const auto own = base::parse_json(fields_json.empty() ? "{}" : fields_json);
    if (!own || !own->value.is_object()) {
        fields.push_back({"fields", fields_json});
    } else {
        for (const auto& [key, value] : own->value.get_object()) {
            if (fields.size() < kMostFields) {
                fields.push_back({key, text_of(value)});
            }
        }
    }
    base::log(level, kPart, text, fields);
}

bool Conduct::admitted() noexcept {
    const auto answer = gate_.ask(std::chrono::steady_clock::now());
    if (answer.dropped_before > 0) {
        base::log(base::LogLevel::Warn, kPart,
                  name_ + " wrote too much; " + std::to_string(answer.dropped_before) +
                      " lines were left out",
                  {{"plugin", id_}});
    }
    return answer.write;
}

}  // namespace jobhost::plugin
