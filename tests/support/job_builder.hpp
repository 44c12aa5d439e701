#pragma once

#include <string>
#include <utility>

#include "core/job_spec.hpp"

namespace jobhost::support {

/// A job for a test, with only what matters to it said:
/// `JobBuilder().type("a.b").priority(core::Priority::High).spec()`.
class JobBuilder {
public:
    JobBuilder() {
        spec_.type = "test.job";
        spec_.args = "{}";
    }

    JobBuilder& type(std::string type) {
        spec_.type = std::move(type);
        return *this;
    }
    JobBuilder& args(std::string args) {
        spec_.args = std::move(args);
        return *this;
    }
    JobBuilder& name(std::string name) {
        spec_.name = std::move(name);
        return *this;
    }
    JobBuilder& group(std::string group) {
        spec_.group = std::move(group);
        return *this;
    }
    JobBuilder& priority(core::Priority priority) {
        spec_.priority = priority;
        return *this;
    }
    JobBuilder& begin_time(core::Instant begin_time) {
        spec_.begin_time = begin_time;
        return *this;
    }
    JobBuilder& timeout(core::Duration timeout) {
        spec_.timeout = timeout;
        return *this;
    }
    JobBuilder& max_tries(int max_tries) {
        spec_.max_tries = max_tries;
        return *this;
    }
    JobBuilder& retry(core::RetryWish retry) {
        spec_.retry = retry;
        return *this;
    }
    JobBuilder& label(std::string key, std::string value) {
        spec_.labels.insert_or_assign(std::move(key), std::move(value));
        return *this;
    }
    JobBuilder& recurring(core::Recurrence recurrence) {
        spec_.kind = recurrence.cron.empty() ? core::Kind::Persistent : core::Kind::Period;
        spec_.recurrence = std::move(recurrence);
        return *this;
    }

    [[nodiscard]] const core::JobSpec& spec() const { return spec_; }

private:
    core::JobSpec spec_;
};

}  // namespace jobhost::support
