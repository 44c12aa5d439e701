// A plugin against the C++ face with a runner for each thing that a test wants to see.
#include "sample_plugin.hpp"

#include <condition_variable>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>

#include <jobhost/plugin.hpp>

namespace {

using namespace jobhost::sdk;
using namespace std::chrono_literals;

// ---- how an attempt ends

Outcome succeed(Attempt&) { return done(); }
Outcome give_result(Attempt&) { return done(R"({"answer":42})"); }
Outcome give_bad_result(Attempt&) { return done("{nope"); }
Outcome be_cancelled(Attempt&) { return cancelled(); }
Outcome take_a_nap(Attempt&) { return snooze(90s, "the shop is closed"); }

Outcome return_failure(Attempt&) {
    return Failure(Category::Network, "sample.net", "nobody answers")
        .retryable()
        .retry_after(1500us)
        .code(111)
        .details(R"({"host":"here"})");
}

Outcome throw_failure(Attempt&) {
    throw Failure(Category::Business, "sample.rule", "not on Sundays").permanent();
}

Outcome throw_exception(Attempt&) { throw std::runtime_error("it broke"); }
Outcome throw_nested(Attempt&) {
    try {
        try {
            throw Failure(Category::Network, "sample.net", "nobody answers");
        } catch (...) {
            std::throw_with_nested(std::runtime_error("could not fetch"));
        }
    } catch (...) {
        std::throw_with_nested(std::runtime_error("could not report"));
    }
}
Outcome throw_memory(Attempt&) { throw std::bad_alloc(); }
Outcome throw_number(Attempt&) { throw 42; }

// ---- what an attempt may do

Outcome read_arguments(Attempt& attempt) {
    std::string seen = attempt.arg<std::string>("text");
    seen += ' ' + std::to_string(attempt.arg<std::int64_t>("int"));
    seen += ' ' + std::to_string(static_cast<int>(attempt.arg<double>("number") * 100));
    seen += attempt.arg<bool>("bool") ? " yes" : " no";
    seen += ' ' + attempt.find_json("list").value_or("none");
    seen += attempt.find_arg<std::string_view>("absent") ? " there" : " absent";
    attempt.print(seen);
    return done();
}

Outcome miss_argument(Attempt& attempt) { return done(attempt.arg<std::string>("absent")); }
Outcome mistake_argument(Attempt& attempt) {
    return done(std::to_string(attempt.arg<std::int64_t>("text")));
}

Outcome tell(Attempt& attempt) {
    attempt.print("to ");
    attempt.print("stdout");
    attempt.print_error("to stderr");
    attempt.progress(0.5, "half");
    attempt.progress(-1.0);
    attempt.progress(7.0);
    attempt.progress("somewhere");
    const bool refused = !attempt.set_result("nope") && attempt.set_result("[1]");
    attempt.log(LogLevel::Debug, "told", "{}");
    return refused ? done() : Outcome(Failure(Category::Application, "sample", "it was taken"));
}

Outcome wait(Attempt& attempt) {
    attempt.progress("waiting");
    const CancelReason reason = attempt.wait_for_cancel(1h);
    attempt.print(std::to_string(static_cast<int>(reason)));
    return cancelled();
}

Outcome doze(Attempt& attempt) {
    return attempt.wait_for_cancel(1us) == CancelReason::None ? done() : cancelled();
}

Outcome wait_by_callback(Attempt& attempt) {
    std::mutex mutex;
    std::condition_variable changed;
    bool stop = false;
    {
        const auto watch = attempt.on_cancel([&] {
            const std::lock_guard lock(mutex);
            stop = true;
            changed.notify_all();
        });
        attempt.progress("waiting");
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return stop; });
    }
    return cancelled();
}

// ---- attempts that wait

void finish_at_once(Completion completion) {
    completion->print(completion.job_id().empty() ? "no id" : "an id");
    completion.finish(done(completion.args_json()));
    completion.finish(Failure(Category::Application, "sample", "too late"));
}

void let_go(Completion completion) {
    completion.on_cancel([] {});
}

void throw_in_start(Completion completion) {
    completion.on_cancel([] {});
    throw std::runtime_error("could not begin");
}

void catch_in_start(Completion completion) {
    const Context context = *completion;
    try {
        throw_in_start(std::move(completion));
    } catch (const std::runtime_error&) {
        context.print("caught");
    }
}

void throw_after_finish(Completion completion) {
    completion.finish(done());
    throw std::runtime_error("too late");
}

void overwrite(Completion completion) { completion = Completion(); }

// ---- an object that runners are members of

class Service {
public:
    explicit Service(const Setup& setup) : config_(setup.config_json) {
        if (config_.find("refuse") != std::string::npos) {
            throw Failure(Category::Business, "sample.config", "this configuration is no good");
        }
        if (config_.find("break") != std::string::npos) {
            throw std::runtime_error("could not connect");
        }
        setup.host.log(LogLevel::Info, "made");
        ++sample::services_alive;
    }

    ~Service() {
        for (std::thread& thread : threads_) {
            thread.join();
        }
        pending_ = Completion();
        --sample::services_alive;
    }

    Outcome show_config(Attempt& attempt) {
        attempt.print(config_);
        return done();
    }

    void finish_elsewhere(Completion completion) {
        const std::lock_guard lock(mutex_);
        threads_.emplace_back([mine = std::move(completion)]() mutable { mine.finish(done("1")); });
    }

    void throw_after_handing_over(Completion completion) {
        {
            const std::lock_guard lock(mutex_);
            pending_ = std::move(completion);
            pending_.on_cancel([] {});
        }
        throw std::runtime_error("after handing over");
    }

    void wait_for_cancel(Completion completion) {
        const Context context = *completion;
        const std::lock_guard lock(mutex_);
        pending_ = std::move(completion);
        pending_.on_cancel([this] { pending_.finish(cancelled()); });
        if (pending_) {
            context.progress("waiting");
        }
    }

private:
    std::string config_;
    std::mutex mutex_;
    std::vector<std::thread> threads_;
    Completion pending_;
};

class Stateless {
public:
    Outcome run(Attempt&) { return done(); }
};

void judge(const Arguments& arguments) {
    if (arguments.find_arg<std::string>("text") == "wrong") {
        throw Failure(Category::Business, "sample.text", "this text is not wanted");
    }
    if (arguments.find_arg<std::string>("text") == "broken") {
        throw std::runtime_error("the judge is ill");
    }
}

Runner with_arguments(Runner runner) {
    return runner.param(Param("text", ParamType::String).fallback("a \"quoted\"\ntext"))
        .param(Param("int", ParamType::Int).fallback(7))
        .param(Param("number", ParamType::Number).fallback_json("0.25"))
        .param(Param("bool", ParamType::Bool).fallback(true))
        .param(Param("list", ParamType::Int).repeated())
        .param(Param("absent", ParamType::String));
}

Plugin outcomes(Plugin plugin) {
    return plugin.runner(runner<succeed>("sample.succeed"))
        .runner(runner<give_result>("sample.result"))
        .runner(runner<give_bad_result>("sample.bad-result"))
        .runner(runner<be_cancelled>("sample.cancelled"))
        .runner(runner<take_a_nap>("sample.snooze"))
        .runner(runner<return_failure>("sample.return-failure"))
        .runner(runner<throw_failure>("sample.throw-failure"))
        .runner(runner<throw_exception>("sample.throw-exception"))
        .runner(runner<throw_nested>("sample.throw-nested"))
        .runner(runner<throw_memory>("sample.throw-memory"))
        .runner(runner<throw_number>("sample.throw-number"));
}

Plugin attempts(Plugin plugin) {
    return plugin.runner(with_arguments(runner<read_arguments>("sample.arguments")))
        .runner(with_arguments(runner<miss_argument>("sample.miss")))
        .runner(with_arguments(runner<mistake_argument>("sample.mistake")))
        .runner(runner<tell>("sample.tell"))
        .runner(runner<wait>("sample.wait"))
        .runner(runner<doze>("sample.doze"))
        .runner(runner<wait_by_callback>("sample.callback"));
}

Plugin waiting(Plugin plugin) {
    return plugin.runner(runner<finish_at_once>("sample.finish"))
        .runner(runner<let_go>("sample.let-go"))
        .runner(runner<throw_in_start>("sample.throw-in-start"))
        .runner(runner<catch_in_start>("sample.catch-in-start"))
        .runner(runner<throw_after_finish>("sample.throw-after-finish"))
        .runner(runner<overwrite>("sample.overwrite"))
        .runner(runner<&Service::finish_elsewhere>("sample.elsewhere"))
        .runner(runner<&Service::throw_after_handing_over>("sample.throw-after-handing-over"))
        .runner(runner<&Service::wait_for_cancel>("sample.wait-for-cancel"));
}

}  // namespace

std::atomic<int> sample::services_alive = 0;

JOBHOST_PLUGIN(waiting(attempts(outcomes(Plugin("sample.cpp", "1.2.3")
                                             .describe("Sample", "For the tests.")
                                             .vendor("Nobody", "https://example.org/")
                                             .license("MIT"))))
                   .runner(runner<&Service::show_config>("sample.config"))
                   .runner(runner<&Stateless::run>("sample.stateless"))
                   .runner(runner<succeed>("sample.described")
                               .describe("Described", "Has everything.")
                               .param(Param("size", ParamType::Enum)
                                          .describe("Size", "How big.")
                                          .required()
                                          .secret()
                                          .repeated()
                                          .hidden()
                                          .deprecated()
                                          .one_of({"s", "m\"l"}))
                               .param(Param("count", ParamType::Int).at_least(1).at_most(9))
                               .param(Param("code", ParamType::String).longest(5).pattern("^\\d+$"))
                               .at_once(3)
                               .retry_base(10s)
                               .no_actions()
                               .no_status()
                               .no_run_log())
                   .runner(with_arguments(runner<succeed>("sample.judged")).validate<judge>()))
