#include "events/bus.hpp"

#include <condition_variable>
#include <mutex>
#include <vector>

namespace jobhost::events {

namespace {

/// One listener, and how many calls of it run now.
class Ear {
public:
    explicit Ear(Bus::Listener listener) : listener_(std::move(listener)) {}

    void hear(const core::JobEvent& event) {
        {
            const std::scoped_lock lock(mutex_);
            if (closed_) {
                return;
            }
            ++calls_;
        }
        listener_(event);
        const std::scoped_lock lock(mutex_);
        --calls_;
        idle_.notify_all();
    }

    /// No call begins after this; those that run are waited for.
    void close() {
        std::unique_lock lock(mutex_);
        closed_ = true;
        idle_.wait(lock, [this] { return calls_ == 0; });
    }

private:
    const Bus::Listener listener_;
    std::mutex mutex_;
    std::condition_variable idle_;
    int calls_ = 0;
    bool closed_ = false;
};

/// Publishers read a list that never changes; whoever comes or goes puts a new one in its place.
class Ears {
public:
    // Shared between the current list, publishers on their way through an old one, and the
    // subscription that closes it.
    using Shared = std::shared_ptr<Ear>;
    using List = std::vector<Shared>;

    [[nodiscard]] std::shared_ptr<const List> list() const {
        const std::scoped_lock lock(mutex_);
        return list_;
    }

    void add(const Shared& ear) {
        const std::scoped_lock lock(mutex_);
        auto longer = std::make_shared<List>(*list_);
        longer->push_back(ear);
        list_ = std::move(longer);
    }

    void remove(const Shared& ear) {
        const std::scoped_lock lock(mutex_);
        auto shorter = std::make_shared<List>(*list_);
        std::erase(*shorter, ear);
        list_ = std::move(shorter);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const List> list_ = std::make_shared<List>();
};

}  // namespace

struct Bus::State {
    // Shared with the subscriptions, which may go after the bus.
    std::shared_ptr<Ears> ears = std::make_shared<Ears>();
};

Bus::Bus() : state_(std::make_unique<State>()) {}
Bus::~Bus() = default;

Bus::Subscription Bus::subscribe(Listener listener) {
    auto ear = std::make_shared<Ear>(std::move(listener));
    state_->ears->add(ear);
    return Subscription([ears = state_->ears, ear] {
        ears->remove(ear);
        ear->close();
    });
}

void Bus::publish(const core::JobEvent& event) {
    const auto ears = state_->ears->list();
    for (const auto& ear : *ears) {
        ear->hear(event);
    }
}

}  // namespace jobhost::events
