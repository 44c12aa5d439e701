// A plugin whose description is sound and whose runners break the rules of the border while they
// run. The host ends each attempt as said before its function, and goes on serving.
#include <chrono>
#include <new>
#include <unistd.h>

#include "rogue.hpp"

namespace {

std::int64_t now_ms() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

jh_param param(const char* name, std::uint32_t type, const char* default_json) {
    jh_param made = {};
    made.struct_size = JH_STRUCT_SIZE(jh_param);
    made.name = name;
    made.type = type;
    made.default_json = jh_str_of(default_json);
    return made;
}

/// The whole description; built once and left alone.
struct Description {
    Description() {
        for (const auto& type : kOutcomes) {
            add(type);
        }
        for (const auto& type : kContexts) {
            add(type);
        }
        for (const auto& type : kCalls) {
            add(type);
        }
        for (const jh_runner& runner : runners) {
            runner_list.push_back(&runner);
        }
        plugin.struct_size = JH_STRUCT_SIZE(jh_plugin);
        plugin.target_level = JH_TARGET_LEVEL;
        plugin.min_level = 1;
        plugin.id = "rogue.run";
        plugin.version = "1.0.0";
        plugin.runners = runner_list.data();
        plugin.runner_count = static_cast<std::uint32_t>(runner_list.size());
        plugin.init = init;
        plugin.quiesce = quiesce;
        plugin.deinit = [](void* self) { delete &rogue_of(self); };
    }

    void add(const Type& type) {
        jh_runner runner = {};
        runner.struct_size = JH_STRUCT_SIZE(jh_runner);
        runner.id = type.id;
        runner.params = param_list.data();
        runner.param_count = static_cast<std::uint32_t>(param_list.size());
        (type.waits ? runner.start : runner.run) = type.work;
        runners.push_back(runner);
    }

    static jh_rc init(const jh_host* host, jh_ctx, jh_str, void** self) {
        *self = new (std::nothrow) Rogue(host);
        return *self == nullptr ? JH_FAILED : JH_OK;
    }

    static void quiesce(void* self) {
        Rogue& rogue = rogue_of(self);
        rogue.stopping = true;
        for (std::thread& thread : rogue.threads) {
            thread.join();
        }
        rogue.threads.clear();
    }

    std::array<jh_param, 3> params = {{
        param("seconds", JH_PARAM_DURATION, "10"),
        param("release", JH_PARAM_STRING, "\"\""),
        param("megabytes", JH_PARAM_INT, "100"),
    }};
    std::array<const jh_param*, 3> param_list = {&params[0], &params[1], &params[2]};
    std::vector<jh_runner> runners;
    std::vector<const jh_runner*> runner_list;
    jh_plugin plugin = {};
};

}  // namespace

std::string to_json(std::initializer_list<Answer> answers) {
    std::string json;
    for (const Answer& answer : answers) {
        json += json.empty() ? "{\"" : ",\"";
        json += std::string(answer.call) + "\":" + std::to_string(answer.rc);
    }
    return json + "}";
}

jh_rc report(Rogue& rogue, jh_ctx ctx, std::initializer_list<Answer> answers) {
    const std::string json = to_json(answers);
    rogue.host->run->set_result(rogue.host, ctx, jh_str_of(json.c_str()));
    return JH_OK;
}

jh_rc fail(Rogue& rogue,
           jh_ctx ctx,
           const char* type,
           const char* message,
           std::uint32_t flags,
           std::uint32_t category) {
    jh_error error = {};
    error.struct_size = JH_STRUCT_SIZE(jh_error);
    error.flags = flags;
    error.category = category;
    error.retry_after_ms = 1;
    error.type = jh_str_of(type);
    error.message = jh_str_of(message);
    rogue.host->fail(rogue.host, ctx, &error);
    return JH_FAILED;
}

Pause::Pause(Rogue& rogue, jh_ctx ctx) : rogue_(rogue) {
    const jh_host* host = rogue.host;
    double seconds = 10;
    jh_str release = {nullptr, 0};
    host->run->arg_f64(host, ctx, "seconds", &seconds);
    host->run->arg_str(host, ctx, "release", &release);
    end_ms_ = now_ms() + static_cast<std::int64_t>(seconds * 1000);
    release_.assign(release.ptr == nullptr ? "" : release.ptr, release.len);
}

void Pause::wait() const {
    while (goes_on()) {
    }
}

bool Pause::goes_on() const {
    if (rogue_.stopping || now_ms() >= end_ms_ ||
        (!release_.empty() && access(release_.c_str(), F_OK) == 0)) {
        return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return true;
}

const jh_plugin* JH_CALL jobhost_plugin_v1(const jh_host*) {
    static const Description description;
    return &description.plugin;
}
