#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "plugin/call.hpp"

namespace jobhost::plugin {

/// The calls that go on inside one plugin, each under a number (`jh_ctx`) that the plugin holds. A
/// number is a slot and a generation, so one that is over is known to be over for ever, even when
/// its slot serves another call. Finding takes no lock. [any thread]
class Contexts {
    struct Slot;

public:
    /// Numbers of different plugins differ when their `first_generation` does.
    explicit Contexts(std::uint32_t first_generation = 1);
    ~Contexts();
    Contexts(const Contexts&) = delete;
    Contexts& operator=(const Contexts&) = delete;

    /// A call that was found. It stays alive at least as long as this, even if it ends meanwhile.
    class Found {
    public:
        Found() = default;
        Found(Found&& other) noexcept
            : contexts_(std::exchange(other.contexts_, nullptr)), slot_(other.slot_) {}
        Found& operator=(Found&& other) = delete;
        ~Found();

        explicit operator bool() const noexcept { return contexts_ != nullptr; }
        Call* operator->() const noexcept;
        Call& operator*() const noexcept { return *operator->(); }

    private:
        friend class Contexts;
        Found(Contexts& contexts, Slot& slot) noexcept : contexts_(&contexts), slot_(&slot) {}
        Contexts* contexts_ = nullptr;
        Slot* slot_ = nullptr;
    };

    /// The number for a call that begins; never 0.
    [[nodiscard]] std::uint64_t open(std::shared_ptr<Call> call);

    /// Empty when the call is over or never was.
    [[nodiscard]] Found find(std::uint64_t number) noexcept;

    /// Ends a call: from now on it is not found. True for exactly one caller.
    bool close(std::uint64_t number) noexcept;

private:
    static constexpr std::size_t kChunkSlots = 256;
    static constexpr std::size_t kChunks = 4096;

    [[nodiscard]] Slot* slot_at(std::uint32_t index) const noexcept;
    std::uint32_t free_slot();
    void release(Slot& slot) noexcept;
    void unpin(Slot& slot) noexcept;

    std::uint32_t first_generation_;
    std::array<std::atomic<Slot*>, kChunks> chunks_{};

    std::mutex mutex_;  ///< guards what follows
    std::vector<std::unique_ptr<Slot[]>> owned_;
    std::vector<std::uint32_t> free_;
};

}  // namespace jobhost::plugin
