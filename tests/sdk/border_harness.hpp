#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <jobhost/plugin.h>

#include "core/runner.hpp"
#include "plugin/border.hpp"
#include "plugin/border_runner.hpp"

namespace jobhost::sdk_test {

/// What an attempt told the host.
struct Told {
    core::Outcome outcome;
    std::string out;
    std::string err;
    std::vector<std::optional<int>> progress;
    std::string note;
};

/// Keeps what attempts tell. [any thread]
class RecordingSink final : public core::Sink {
public:
    void complete(core::Token token, core::Outcome outcome) override;
    void output(core::Token token, core::Stream stream, std::span<const std::byte> bytes) override;
    void progress(core::Token token, std::optional<int> permyriad, std::string_view note) override;
    [[nodiscard]] core::CancelReason cancel_reason(core::Token token) const override;

    /// From now on an attempt is told so as it begins.
    void cancel_from_the_beginning(core::CancelReason reason) { early_ = reason; }

    /// Waits until the attempt has ended.
    Told wait(core::Token token);
    /// Waits until the attempt has told its progress for the first time.
    void wait_for_progress(core::Token token);

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<core::Token, Told> told_;
    std::map<core::Token, bool> ended_;
    core::CancelReason early_ = core::CancelReason::None;
};

/// A plugin on the other side of the real border, as the host would have it after loading.
class Loaded {
public:
    explicit Loaded(const jh_plugin& plugin, std::string config_json = "{}");
    ~Loaded();
    Loaded(const Loaded&) = delete;
    Loaded& operator=(const Loaded&) = delete;

    /// What init returned, and the reason it told.
    [[nodiscard]] jh_rc init_rc() const { return init_rc_; }
    [[nodiscard]] const std::optional<core::Failure>& init_failure() const { return init_failure_; }

    /// Calls quiesce and deinit, once.
    void stop();

    /// Begins an attempt; a blocking one has ended when this returns.
    core::Token start(const std::string& type, const std::string& args = "{}", int number = 1);
    /// Begins an attempt and waits for its end.
    Told run(const std::string& type, const std::string& args = "{}");
    [[nodiscard]] std::optional<core::Failure> validate(const std::string& type,
                                                        const std::string& args);
    void cancel(core::Token token,
                const std::string& type,
                core::CancelReason reason = core::CancelReason::User);

    [[nodiscard]] RecordingSink& sink() { return sink_; }
    /// The token that the next attempt will get.
    [[nodiscard]] core::Token next_token() const { return {last_token_ + 1}; }
    [[nodiscard]] int broken_rules() const { return conduct_.broken_rules(); }

private:
    [[nodiscard]] core::Attempt attempt_of(const std::string& type,
                                           const std::string& args,
                                           int number);
    void init(const std::string& config_json);

    const jh_plugin& plugin_;
    RecordingSink sink_;
    plugin::Conduct conduct_;
    plugin::Border border_;
    void* self_ = nullptr;
    jh_rc init_rc_ = JH_OK;
    std::optional<core::Failure> init_failure_;
    bool stopped_ = false;
    std::map<std::string, std::unique_ptr<plugin::BorderRunner>> runners_;
    std::int64_t last_token_ = 0;
};

/// The failure of an attempt that failed; fails the test when it did not.
core::Failure failure_of(const Told& told);

}  // namespace jobhost::sdk_test
