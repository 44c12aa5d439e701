// The smallest plugin in C++ that shows both kinds of runner: one that does its work while it is
// called, and one that begins it and ends it later. Rename the ids, keep what you need.
#include <jobhost/plugin.hpp>

#include "alarm_clock.hpp"

namespace {

using namespace jobhost::sdk;

// A runner that blocks: it has a thread of the host for as long as it runs.
Outcome greet(Attempt& attempt) {
    const auto name = attempt.arg<std::string>("name");
    const auto times = attempt.arg<std::int64_t>("times");
    for (std::int64_t i = 0; i < times; ++i) {
        if (attempt.should_stop()) {
            return cancelled();
        }
        attempt.print("Hello, " + name + "!\n");
        attempt.progress(static_cast<double>(i + 1) / static_cast<double>(times));
    }
    return done("{\"greetings\":" + std::to_string(times) + "}");
}

// What the parameters cannot say.
void judge_greeting(const Arguments& arguments) {
    if (arguments.arg<std::string>("name") == "nobody") {
        throw Failure(Category::Business, "greeting.nobody", "there is nobody to greet");
    }
}

// A runner that waits: ten thousand of its jobs may wait at once, and all share one thread. The
// object is made when the plugin is loaded and destroyed when it stops.
class Later {
public:
    void start(Completion completion) {
        const auto delay = std::chrono::duration<double>(completion->arg<double>("seconds"));
        clock_.ring_after(delay, std::move(completion));
    }

private:
    AlarmClock clock_;
};

}  // namespace

JOBHOST_PLUGIN(Plugin("example.cpp", "1.0.0")
                   .describe("Examples in C++", "A runner that greets and one that waits.")
                   .license("MIT")
                   .runner(runner<greet>("example.greet")
                               .describe("Greet", "Writes greetings into the output.")
                               .param(Param("name", ParamType::String)
                                          .describe("Name", "Who is greeted.")
                                          .required()
                                          .longest(200))
                               .param(Param("times", ParamType::Int)
                                          .describe("Times", "How often.")
                                          .fallback(1)
                                          .at_least(1)
                                          .at_most(1000))
                               .validate<judge_greeting>())
                   .runner(runner<&Later::start>("example.later")
                               .describe("Later", "Ends after some time without needing a thread.")
                               .param(Param("seconds", ParamType::Duration)
                                          .describe("Seconds", "How long to wait.")
                                          .required()
                                          .at_least(0)
                                          .at_most(86400))))
