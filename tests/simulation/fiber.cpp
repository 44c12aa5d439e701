#include "simulation/fiber.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <ucontext.h>

#include "base/assert.hpp"

namespace jobhost::simulation {

namespace {

constexpr std::size_t kStackBytes = std::size_t{512} * 1024;

using Stack = std::unique_ptr<std::byte[]>;

/// Stacks of earlier fibers: their pages are there already.
std::vector<Stack>& spare_stacks() {
    thread_local std::vector<Stack> spare;
    return spare;
}

Stack take_stack() {
    auto& spare = spare_stacks();
    if (spare.empty()) {
        return std::make_unique_for_overwrite<std::byte[]>(kStackBytes);
    }
    Stack stack = std::move(spare.back());
    spare.pop_back();
    return stack;
}

}  // namespace

struct Fiber::Machine {
    std::function<void()> work;
    Stack stack = take_stack();
    ucontext_t inside{};
    ucontext_t outside{};
    bool begun = false;
    bool done = false;

    void switch_in() { ::swapcontext(&outside, &inside); }
    void switch_out() { ::swapcontext(&inside, &outside); }
};

Fiber::Fiber(std::function<void()> work) : machine_(std::make_unique<Machine>()) {
    machine_->work = std::move(work);
}

Fiber::~Fiber() {
    JOBHOST_ASSERT(machine_->done || !machine_->begun);
    spare_stacks().push_back(std::move(machine_->stack));
}

void Fiber::resume() {
    Machine& machine = *machine_;
    JOBHOST_ASSERT(!machine.done);
    if (!machine.begun) {
        machine.begun = true;
        ::getcontext(&machine.inside);
        machine.inside.uc_stack.ss_sp = machine.stack.get();
        machine.inside.uc_stack.ss_size = kStackBytes;
        machine.inside.uc_link = nullptr;
        const auto address = reinterpret_cast<std::uintptr_t>(&machine);
        // The C interface passes numbers alone.
        ::makecontext(&machine.inside, reinterpret_cast<void (*)()>(&Fiber::enter), 2,
                      static_cast<unsigned>(address >> 32U), static_cast<unsigned>(address));
    }
    machine.switch_in();
}

void Fiber::enter(unsigned high, unsigned low) {
    const auto address =
        (static_cast<std::uintptr_t>(high) << 32U) | static_cast<std::uintptr_t>(low);
    auto& machine = *reinterpret_cast<Machine*>(address);
    machine.work();
    machine.done = true;
    machine.switch_out();
}

void Fiber::pause() { machine_->switch_out(); }

bool Fiber::begun() const { return machine_->begun; }
bool Fiber::done() const { return machine_->done; }

}  // namespace jobhost::simulation
