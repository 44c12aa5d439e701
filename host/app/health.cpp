#include "app/health.hpp"

#include "base/log.hpp"

namespace jobhost::app {

Health::Health(store::Database& database, base::Metrics& metrics, const base::Clock& clock)
    : database_(database),
      metrics_(metrics),
      clock_(clock),
      last_look_(clock.steady()),
      storage_(http::Check{"storage", true, {}}) {}

void Health::step() {
    const auto probed = database_.probe();
    const bool was_ok = storage_.with([&](http::Check& check) {
        const bool before = check.ok;
        check = {"storage", probed.has_value(), probed ? std::string() : probed.error().message};
        return before;
    });
    if (was_ok && !probed) {
        base::log(base::LogLevel::Error, "app", "the store cannot be written",
                  {{"error", probed.error().message}});
    } else if (!was_ok && probed) {
        base::log(base::LogLevel::Info, "app", "the store can be written again");
    }
    count_jobs();
    last_look_ = clock_.steady();
}

void Health::count_jobs() {
    const auto counts = database_.jobs().counts();
    if (!counts) {
        return;
    }
    for (const auto& [status, count] : *counts) {
        metrics_
            .gauge("jobhost_jobs", "Stored jobs by status.",
                   {{"status", std::string(core::name(status))}})
            .set(static_cast<double>(count));
    }
}

http::Check Health::storage() const {
    return storage_.with([](const http::Check& check) { return check; });
}

}  // namespace jobhost::app
