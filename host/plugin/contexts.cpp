#include "plugin/contexts.hpp"

#include "base/assert.hpp"

// A slot's word is  generation (32 bits) | closed (1 bit) | pins (31 bits).
//
// Finding compares the generation and adds a pin in one step, so a call cannot end between the two.
// Closing sets one bit; whoever then sees the pins at nought, the closer or the last that had a
// pin, takes the call out of the slot. Nobody can add a pin to a closed slot, so it is exactly one.

namespace jobhost::plugin {

namespace {

constexpr std::uint64_t kClosed = std::uint64_t{1} << 31U;
constexpr std::uint64_t kPins = kClosed - 1;

std::uint32_t generation_of(std::uint64_t number) {
    return static_cast<std::uint32_t>(number >> 32U);
}

std::uint64_t with_generation(std::uint32_t generation, std::uint64_t rest) {
    return (static_cast<std::uint64_t>(generation) << 32U) | rest;
}

bool is_open(std::uint64_t word, std::uint32_t generation) {
    return generation_of(word) == generation && (word & kClosed) == 0;
}

std::uint32_t following(std::uint32_t generation) {
    return generation + 1 == 0 ? 1 : generation + 1;  // 0 would make the number 0 possible
}

}  // namespace

struct Contexts::Slot {
    std::atomic<std::uint64_t> word{0};
    std::uint32_t index = 0;
    std::shared_ptr<Call> call;
};

Contexts::Contexts(std::uint32_t first_generation) : first_generation_(first_generation) {}

Contexts::~Contexts() = default;

Contexts::Found::~Found() {
    if (contexts_ != nullptr) {
        contexts_->unpin(*slot_);
    }
}

Call* Contexts::Found::operator->() const noexcept { return slot_->call.get(); }

std::uint64_t Contexts::open(std::shared_ptr<Call> call) {
    const auto index = free_slot();
    auto& slot = *slot_at(index);
    slot.call = std::move(call);
    const auto generation = following(generation_of(slot.word.load(std::memory_order_relaxed)));
    slot.word.store(with_generation(generation, 0), std::memory_order_release);
    return with_generation(generation, index);
}

Contexts::Found Contexts::find(std::uint64_t number) noexcept {
    auto* const slot = slot_at(static_cast<std::uint32_t>(number));
    if (slot == nullptr) {
        return {};
    }
    const auto generation = generation_of(number);
    auto word = slot->word.load(std::memory_order_acquire);
    while (is_open(word, generation)) {
        if (slot->word.compare_exchange_weak(word, word + 1, std::memory_order_acq_rel)) {
            return {*this, *slot};
        }
    }
    return {};
}

bool Contexts::close(std::uint64_t number) noexcept {
    auto* const slot = slot_at(static_cast<std::uint32_t>(number));
    if (slot == nullptr) {
        return false;
    }
    const auto generation = generation_of(number);
    auto word = slot->word.load(std::memory_order_acquire);
    while (is_open(word, generation)) {
        if (slot->word.compare_exchange_weak(word, word | kClosed, std::memory_order_acq_rel)) {
            if ((word & kPins) == 0) {
                release(*slot);
            }
            return true;
        }
    }
    return false;
}

Contexts::Slot* Contexts::slot_at(std::uint32_t index) const noexcept {
    const auto chunk = index / kChunkSlots;
    if (chunk >= kChunks) {
        return nullptr;
    }
    auto* const slots = chunks_[chunk].load(std::memory_order_acquire);
    return slots == nullptr ? nullptr : slots + index % kChunkSlots;
}

std::uint32_t Contexts::free_slot() {
    const std::scoped_lock lock(mutex_);
    if (free_.empty()) {
        const auto chunk = owned_.size();
        JOBHOST_ASSERT(chunk < kChunks);  // attempts are bounded by permits, far below this
        auto& slots = owned_.emplace_back(std::make_unique<Slot[]>(kChunkSlots));
        for (std::size_t i = 0; i < kChunkSlots; ++i) {
            const auto back = kChunkSlots - 1 - i;  // so that the lowest index is taken first
            slots[back].index = static_cast<std::uint32_t>(chunk * kChunkSlots + back);
            slots[back].word = with_generation(first_generation_ - 1, kClosed);
            free_.push_back(slots[back].index);
        }
        chunks_[chunk].store(slots.get(), std::memory_order_release);
    }
    const auto index = free_.back();
    free_.pop_back();
    return index;
}

void Contexts::unpin(Slot& slot) noexcept {
    const auto before = slot.word.fetch_sub(1, std::memory_order_acq_rel);
    if ((before & kClosed) != 0 && (before & kPins) == 1) {
        release(slot);
    }
}

void Contexts::release(Slot& slot) noexcept {
    const auto ended = std::exchange(slot.call, nullptr);  // destroyed after the lock
    const std::scoped_lock lock(mutex_);
    free_.push_back(slot.index);
}

}  // namespace jobhost::plugin
