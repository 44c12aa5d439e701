// The functions that the host offers to plugins, called as a plugin would.
#include "plugin/border.hpp"

#include <string>

#include <gtest/gtest.h>

#include "border_fixture.hpp"

namespace jobhost::plugin {
namespace {

TEST_F(BorderTest, TellsWhoTheHostIs) {
    EXPECT_EQ(plugin_.host->struct_size, sizeof(jh_host));
    EXPECT_EQ(plugin_.host->api_level, 1U);
    EXPECT_EQ(std::string(plugin_.host->version.ptr, plugin_.host->version.len), "9.9.9");
    EXPECT_EQ(plugin_.host->get_extension(plugin_.host, "jobhost.kv/1"), nullptr);
}

TEST_F(BorderTest, TellsTheAttempt) {
    run([&](jh_ctx, const jh_run_info& info) {
        EXPECT_EQ(info.struct_size, sizeof(jh_run_info));
        EXPECT_EQ(info.attempt, 1U);
        EXPECT_EQ(info.token, 1U);
        EXPECT_EQ(std::string(info.runner_id.ptr, info.runner_id.len), "acme.mail");
        EXPECT_EQ(std::string(info.node.ptr, info.node.len), "node-1");
        EXPECT_EQ(info.deadline_ms, 0);
        return JH_OK;
    });
}

TEST_F(BorderTest, NullHostIsRefusedEverywhere) {
    std::int64_t number = 0;
    double real = 0;
    std::int32_t truth = 0;
    jh_str text{};
    const auto& api = plugin_.api;
    EXPECT_EQ(api.cancel_reason(nullptr, 1), JH_E_INVALID);
    EXPECT_EQ(api.wait_cancelled(nullptr, 1, 0), JH_E_INVALID);
    EXPECT_EQ(api.on_cancel(
                  nullptr, 1, [](void*) {}, nullptr),
              JH_E_INVALID);
    EXPECT_EQ(api.off_cancel(nullptr, 1), JH_E_INVALID);
    EXPECT_EQ(api.progress(nullptr, 1, 0, {}), JH_E_INVALID);
    EXPECT_EQ(api.output(nullptr, 1, 1, "", 0), JH_E_INVALID);
    EXPECT_EQ(api.set_result(nullptr, 1, {}), JH_E_INVALID);
    EXPECT_EQ(api.arg_i64(nullptr, 1, "a", &number), JH_E_INVALID);
    EXPECT_EQ(api.arg_f64(nullptr, 1, "a", &real), JH_E_INVALID);
    EXPECT_EQ(api.arg_bool(nullptr, 1, "a", &truth), JH_E_INVALID);
    EXPECT_EQ(api.arg_str(nullptr, 1, "a", &text), JH_E_INVALID);
    EXPECT_EQ(api.arg_json(nullptr, 1, "a", &text), JH_E_INVALID);
    EXPECT_EQ(api.complete(nullptr, 1, JH_OK), JH_E_INVALID);
    plugin_.host->log(nullptr, 0, JH_LOG_INFO, {}, {});
    plugin_.host->fail(nullptr, 1, nullptr);
}

TEST_F(BorderTest, ContextOfAnotherPluginIsRefused) {
    Plugin other(2);
    run([&](jh_ctx ctx, const jh_run_info&) {
        EXPECT_EQ(other.api.cancel_reason(other.host, ctx), JH_E_STATE);
        return JH_OK;
    });
    EXPECT_EQ(other.conduct.broken_rules(), 1);
    EXPECT_EQ(plugin_.conduct.broken_rules(), 0);
}

TEST_F(BorderTest, ValidateMayAskForArgumentsAndNothingElse) {
    plugin_.behaviour.validate = [&](jh_ctx ctx, jh_str) {
        jh_str text{};
        EXPECT_EQ(plugin_.api.arg_str(plugin_.host, ctx, "to", &text), JH_OK);
        EXPECT_EQ(std::string(text.ptr, text.len), "anna");
        EXPECT_EQ(plugin_.api.cancel_reason(plugin_.host, ctx), JH_E_STATE);
        EXPECT_EQ(plugin_.api.set_result(plugin_.host, ctx, jh_str_of("{}")), JH_E_STATE);
        EXPECT_EQ(plugin_.api.complete(plugin_.host, ctx, JH_OK), JH_E_STATE);
        return JH_OK;
    };
    core::Attempt attempt;
    attempt.args = R"({"to":"anna"})";
    EXPECT_EQ(plugin_.blocking.validate(attempt), std::nullopt);
    EXPECT_EQ(plugin_.conduct.broken_rules(), 3);
}

TEST_F(BorderTest, ArgumentsComeInTheTypeThatIsAskedFor) {
    run([&](jh_ctx ctx, const jh_run_info&) {
        std::int64_t number = 0;
        double real = 0;
        std::int32_t truth = 7;
        jh_str text{};
        EXPECT_EQ(plugin_.api.arg_i64(plugin_.host, ctx, "big", &number), JH_OK);
        EXPECT_EQ(number, 9223372036854775807);
        EXPECT_EQ(plugin_.api.arg_i64(plugin_.host, ctx, "whole", &number), JH_OK);
        EXPECT_EQ(number, 3);
        EXPECT_EQ(plugin_.api.arg_i64(plugin_.host, ctx, "part", &number), JH_E_INVALID);
        EXPECT_EQ(number, 3);
        EXPECT_EQ(plugin_.api.arg_f64(plugin_.host, ctx, "part", &real), JH_OK);
        EXPECT_EQ(real, 0.5);
        EXPECT_EQ(plugin_.api.arg_bool(plugin_.host, ctx, "part", &truth), JH_E_INVALID);
        EXPECT_EQ(truth, 7);
        EXPECT_EQ(plugin_.api.arg_json(plugin_.host, ctx, "whole", &text), JH_OK);
        EXPECT_EQ(std::string(text.ptr, text.len), "3.0");
        EXPECT_EQ(plugin_.api.arg_str(plugin_.host, ctx, "nobody", &text), JH_E_ABSENT);
        return JH_OK;
    });
    EXPECT_EQ(plugin_.conduct.broken_rules(), 0);
}

TEST_F(BorderTest, SecretIsNotHandedOut) {
    auto type = type_that(false);
    core::Parameter secret;
    secret.name = "password";
    secret.secret = true;
    type.parameters.push_back(secret);
    BorderRunner runner(type, plugin_.blocking_struct, &plugin_.behaviour, plugin_.border);
    core::Attempt attempt;
    attempt.token = {77};
    attempt.args = R"({"password":{"$secret":"mail"}})";
    plugin_.behaviour.work = [&](jh_ctx ctx, const jh_run_info&) {
        jh_str text{};
        return plugin_.api.arg_str(plugin_.host, ctx, "password", &text) == JH_E_UNSUPPORTED
                   ? JH_OK
                   : JH_SKIP;
    };
    runner.start(attempt, sink_);
    EXPECT_TRUE(ended_as<core::Succeeded>(sink_.wait({77}).outcome));
}

TEST_F(BorderTest, LogLinesCarryPluginAndJob) {
    run([&](jh_ctx ctx, const jh_run_info& info) {
        plugin_.host->log(plugin_.host, ctx, 99, jh_str_of("hello"), jh_str_of(R"({"n":1})"));
        EXPECT_NE(log_.text().find(std::string(info.job_id.ptr, info.job_id.len)),
                  std::string::npos);
        return JH_OK;
    });
    const auto text = log_.text();
    EXPECT_NE(text.find(R"("level":"info")"), std::string::npos);
    EXPECT_NE(text.find(R"("plugin":"acme.mail")"), std::string::npos);
    EXPECT_NE(text.find(R"("n":"1")"), std::string::npos);
}

}  // namespace
}  // namespace jobhost::plugin
