#include "border_harness.hpp"

#include <span>
#include <utility>

#include <gtest/gtest.h>

namespace jobhost::sdk_test {

namespace {

std::string text_of(jh_str text) {
    return text.ptr == nullptr ? "" : std::string(text.ptr, text.len);
}

core::TypeInfo type_of(const jh_runner& runner) {
    core::TypeInfo type;
    type.id = runner.id;
    type.blocking = runner.start == nullptr;
    for (std::uint32_t i = 0; i < runner.param_count; ++i) {
        const jh_param& param = *runner.params[i];
        core::Parameter parameter;
        parameter.name = param.name;
        parameter.type = static_cast<core::ParameterType>(param.type);
        parameter.default_json = text_of(param.default_json);
        type.parameters.push_back(std::move(parameter));
    }
    return type;
}

}  // namespace

void RecordingSink::complete(core::Token token, core::Outcome outcome) {
    const std::scoped_lock lock(mutex_);
    EXPECT_FALSE(ended_[token]) << "an attempt was completed twice";
    told_[token].outcome = std::move(outcome);
    ended_[token] = true;
    changed_.notify_all();
}

void RecordingSink::output(core::Token token,
                           core::Stream stream,
                           std::span<const std::byte> bytes) {
    const std::scoped_lock lock(mutex_);
    auto& text = stream == core::Stream::Out ? told_[token].out : told_[token].err;
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void RecordingSink::progress(core::Token token,
                             std::optional<int> permyriad,
                             std::string_view note) {
    const std::scoped_lock lock(mutex_);
    told_[token].progress.push_back(permyriad);
    told_[token].note = note;
    changed_.notify_all();
}

core::CancelReason RecordingSink::cancel_reason(core::Token) const { return early_; }

Told RecordingSink::wait(core::Token token) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_[token]; });
    return told_[token];
}

void RecordingSink::wait_for_progress(core::Token token) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !told_[token].progress.empty(); });
}

Loaded::Loaded(const jh_plugin& plugin, std::string config_json)
    : plugin_(plugin), conduct_(plugin.id, plugin.version), border_("0.0.0", 1, conduct_) {
    init(config_json);
    for (std::uint32_t i = 0; i < plugin.runner_count; ++i) {
        const jh_runner& runner = *plugin.runners[i];
        runners_[runner.id] =
            std::make_unique<plugin::BorderRunner>(type_of(runner), runner, self_, border_);
    }
}

Loaded::~Loaded() { stop(); }

void Loaded::init(const std::string& config_json) {
    const auto call = std::make_shared<plugin::Call>(plugin::Call::Kind::Init);
    const jh_ctx ctx = border_.contexts().open(call);
    const jh_str config = {config_json.data(), config_json.size()};
    init_rc_ = plugin_.init(border_.table(), ctx, config, &self_);
    border_.contexts().close(ctx);
    init_failure_ = call->reason.with([](auto& told) { return told; });
}

void Loaded::stop() {
    if (init_rc_ != JH_OK || std::exchange(stopped_, true)) {
        return;
    }
    if (plugin_.quiesce != nullptr) {
        plugin_.quiesce(self_);
    }
    if (plugin_.deinit != nullptr) {
        plugin_.deinit(self_);
    }
}

core::Attempt Loaded::attempt_of(const std::string& type, const std::string& args, int number) {
    core::Attempt attempt;
    attempt.job = core::JobId::make(core::Instant{});
    attempt.token = {++last_token_};
    attempt.number = number;
    attempt.type = type;
    attempt.args = args;
    return attempt;
}

core::Token Loaded::start(const std::string& type, const std::string& args, int number) {
    auto attempt = attempt_of(type, args, number);
    const core::Token token = attempt.token;
    runners_.at(type)->start(std::move(attempt), sink_);
    return token;
}

Told Loaded::run(const std::string& type, const std::string& args) {
    return sink_.wait(start(type, args));
}

std::optional<core::Failure> Loaded::validate(const std::string& type, const std::string& args) {
    return runners_.at(type)->validate(attempt_of(type, args, 1));
}

void Loaded::cancel(core::Token token, const std::string& type, core::CancelReason reason) {
    runners_.at(type)->cancel(token, reason);
}

core::Failure failure_of(const Told& told) {
    const auto* failed = std::get_if<core::Failed>(&told.outcome.end);
    EXPECT_NE(failed, nullptr) << "the attempt did not fail";
    return failed == nullptr ? core::Failure{} : failed->failure;
}

}  // namespace jobhost::sdk_test
