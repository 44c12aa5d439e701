#include "upkeep/inspector.hpp"

#include <string>

#include "base/log.hpp"

namespace jobhost::upkeep {

namespace {

constexpr int kPage = 1'000;

base::Counter& findings(base::Metrics& metrics, const char* kind) {
    return metrics.counter("jobhost_check_findings_total",
                           "What did not fit together in the store, by kind; all but `left` was "
                           "put right.",
                           {{"kind", kind}});
}

void count(base::Counter& counter, int by) { counter.add(static_cast<std::uint64_t>(by)); }

}  // namespace

Inspector::Inspector(store::MaintenanceStore& store, base::Metrics& metrics)
    : store_(store),
      placed_(findings(metrics, "nowhere")),
      displaced_(findings(metrics, "misplaced")),
      counters_(findings(metrics, "counter")),
      left_(findings(metrics, "left")),
      rounds_(metrics.counter("jobhost_check_rounds_total",
                              "How often everything that is stored was looked at.",
                              {})) {}

base::Result<store::Checked> Inspector::step() {
    has_more_ = false;
    auto checked = store_.check(kPage);
    if (!checked) {
        return checked;
    }
    has_more_ = checked->more;
    count(placed_, checked->placed);
    count(displaced_, checked->displaced);
    count(counters_, checked->counters);
    count(left_, checked->left);
    rounds_.add(has_more_ ? 0 : 1);
    if (checked->findings() > 0) {
        base::log(base::LogLevel::Warn, "upkeep", "the store did not fit together",
                  {{"stood_nowhere", std::to_string(checked->placed)},
                   {"misplaced", std::to_string(checked->displaced)},
                   {"wrong_counters", std::to_string(checked->counters)},
                   {"not_put_right", std::to_string(checked->left)}});
    }
    return checked;
}

}  // namespace jobhost::upkeep
