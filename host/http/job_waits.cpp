#include "http/job_waits.hpp"

#include <map>
#include <utility>

#include "base/guarded.hpp"

namespace jobhost::http {

namespace {

using Entries = std::multimap<core::JobId, std::function<void()>>;
using Waiting = base::Guarded<Entries>;

class Watch final : public Interest {
public:
    Watch(Waiting& waiting, Entries::iterator entry) : waiting_(waiting), entry_(entry) {}
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch() override {
        waiting_.with([this](Entries& entries) { entries.erase(entry_); });
    }

private:
    Waiting& waiting_;
    Entries::iterator entry_;
};

bool may_end_a_wait(core::JobEvent::What what) {
    return what == core::JobEvent::What::Settled || what == core::JobEvent::What::Operated;
}

}  // namespace

struct JobWaits::State {
    Waiting waiting;
    events::Bus::Subscription subscription;  // after what its listener uses

    /// Under the lock, so that a `tell` is never called once its interest is gone.
    void tell(const core::JobEvent& event) {
        waiting.with([&](Entries& entries) {
            const auto [first, last] = entries.equal_range(event.job);
            for (auto entry = first; entry != last; ++entry) {
                entry->second();
            }
        });
    }
};

JobWaits::JobWaits(events::Bus& bus) : state_(std::make_unique<State>()) {
    state_->subscription = bus.subscribe([state = state_.get()](const core::JobEvent& event) {
        if (may_end_a_wait(event.what)) {
            state->tell(event);
        }
    });
}

JobWaits::~JobWaits() = default;

std::unique_ptr<Interest> JobWaits::watch(core::JobId job, std::function<void()> tell) {
    return state_->waiting.with([&](Entries& entries) -> std::unique_ptr<Interest> {
        if (entries.size() >= kMost) {
            return nullptr;
        }
        return std::make_unique<Watch>(state_->waiting, entries.emplace(job, std::move(tell)));
    });
}

}  // namespace jobhost::http
