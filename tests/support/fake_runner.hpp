#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/runner.hpp"

namespace jobhost::support {

/// A runner whose attempts end when the test says so, or by a script. A blocking one keeps its
/// worker until then. [any thread]
class FakeRunner final : public core::Runner {
public:
    using Script = std::function<std::optional<core::Outcome>(const core::Attempt&)>;

    explicit FakeRunner(std::string type_id, bool blocking = false) {
        type_.id = std::move(type_id);
        type_.blocking = blocking;
    }
    explicit FakeRunner(core::TypeInfo type) : type_(std::move(type)) {}

    [[nodiscard]] const core::TypeInfo& type() const override { return type_; }

    [[nodiscard]] std::optional<core::Failure> validate(const core::Attempt&) override {
        const std::scoped_lock lock(mutex_);
        return refusal_;
    }

    void start(core::Attempt attempt, core::Sink& sink) override {
        const core::Token token = attempt.token;
        Script script;
        {
            const std::scoped_lock lock(mutex_);
            started_.push_back(attempt);
            open_.insert_or_assign(token, &sink);
            script = script_;
        }
        changed_.notify_all();
        if (auto outcome = script ? script(attempt) : std::nullopt) {
            end(token, *std::move(outcome));
        }
        if (type_.blocking) {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return !open_.contains(token); });
        }
    }

    void cancel(core::Token token, core::CancelReason reason) override {
        bool obey = false;
        {
            const std::scoped_lock lock(mutex_);
            cancels_.emplace_back(token, reason);
            obey = obedient_;
        }
        changed_.notify_all();
        if (obey) {
            end(token, {.end = core::Cancelled{}, .result_json = {}});
        }
    }

    /// From now on attempts end at once with what the script answers; nothing = they stay open.
    void script(Script script) {
        const std::scoped_lock lock(mutex_);
        script_ = std::move(script);
    }

    /// From now on `validate` refuses.
    void refuse(core::Failure refusal) {
        const std::scoped_lock lock(mutex_);
        refusal_ = std::move(refusal);
    }

    /// From now on a cancelled attempt ends as cancelled, at once.
    void obey_cancels() {
        const std::scoped_lock lock(mutex_);
        obedient_ = true;
    }

    /// Ends an open attempt; false when it is not open.
    bool end(core::Token token, core::Outcome outcome) {
        core::Sink* sink = nullptr;
        {
            const std::scoped_lock lock(mutex_);
            const auto found = open_.find(token);
            if (found == open_.end()) {
                return false;
            }
            sink = found->second;
            open_.erase(found);
        }
        sink->complete(token, std::move(outcome));
        changed_.notify_all();
        return true;
    }

    [[nodiscard]] std::vector<core::Attempt> started() const {
        const std::scoped_lock lock(mutex_);
        return started_;
    }

    [[nodiscard]] std::vector<std::pair<core::Token, core::CancelReason>> cancels() const {
        const std::scoped_lock lock(mutex_);
        return cancels_;
    }

    [[nodiscard]] std::size_t open() const {
        const std::scoped_lock lock(mutex_);
        return open_.size();
    }

    /// Waits until `count` attempts were started; false after ten seconds, for a test that hangs.
    [[nodiscard]] bool wait_started(std::size_t count) const {
        return wait([&] { return started_.size() >= count; });
    }
    [[nodiscard]] bool wait_cancels(std::size_t count) const {
        return wait([&] { return cancels_.size() >= count; });
    }

private:
    template <typename Condition>
    bool wait(Condition condition) const {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10), condition);
    }

    core::TypeInfo type_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<core::Attempt> started_;
    std::map<core::Token, core::Sink*> open_;
    std::vector<std::pair<core::Token, core::CancelReason>> cancels_;
    Script script_;
    std::optional<core::Failure> refusal_;
    bool obedient_ = false;
};

/// The runners of a test's node.
class FakeRunners final : public core::RunnerSource {
public:
    /// Adds one; the pointer stays with the test as well.
    std::shared_ptr<FakeRunner> add(std::shared_ptr<FakeRunner> runner) {
        const std::scoped_lock lock(mutex_);
        runners_.push_back(runner);
        return runner;
    }

    void remove(std::string_view type) {
        const std::scoped_lock lock(mutex_);
        std::erase_if(runners_, [&](const auto& runner) { return runner->type().id == type; });
    }

    [[nodiscard]] std::shared_ptr<core::Runner> find(std::string_view type) const override {
        const std::scoped_lock lock(mutex_);
        const auto found = std::ranges::find_if(
            runners_, [&](const auto& runner) { return runner->type().id == type; });
        return found != runners_.end() ? *found : nullptr;
    }

    [[nodiscard]] Types types() const override {
        const std::scoped_lock lock(mutex_);
        std::vector<core::TypeInfo> types;
        for (const auto& runner : runners_) {
            types.push_back(runner->type());
        }
        return std::make_shared<const std::vector<core::TypeInfo>>(std::move(types));
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<FakeRunner>> runners_;
};

}  // namespace jobhost::support
