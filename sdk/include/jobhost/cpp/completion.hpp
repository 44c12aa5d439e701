#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <thread>

#include "attempt.hpp"

namespace jobhost::sdk {
inline namespace JOBHOST_SDK_LEVEL {

namespace detail {

/// Tells the host about a failure and answers what to return.
inline jh_rc fail(const Host& host, jh_ctx ctx, const jh_error& error) noexcept {
    host.raw()->fail(host.raw(), ctx, &error);
    return JH_FAILED;
}

/// The same without an allocation.
inline jh_rc fail(const Host& host,
                  jh_ctx ctx,
                  Category category,
                  std::string_view type,
                  std::string_view message) noexcept {
    jh_error error = {};
    error.struct_size = JH_STRUCT_SIZE(jh_error);
    error.category = static_cast<std::uint32_t>(category);
    error.type = borrow(type);
    error.message = borrow(message);
    return fail(host, ctx, error);
}

/// Turns what a function ended with into calls to the host and the code to return.
inline jh_rc settle(const Context& context, const Outcome& outcome) noexcept {
    if (!outcome.result_json().empty() && !context.set_result(outcome.result_json())) {
        return fail(context.host(), context.ctx(), Category::Application, "result",
                    "the result is no JSON or larger than 64 KiB");
    }
    if (outcome.reason() != nullptr) {
        fail(context.host(), context.ctx(), outcome.reason()->borrowed());
    }
    return outcome.code();
}

inline jh_rc fail_by_exception(const Host& host, jh_ctx ctx) noexcept;

/// The cause of an exception that carries one (std::throw_with_nested), else its own text.
inline jh_rc fail_by_cause(const Host& host, jh_ctx ctx, const std::exception& exception) noexcept {
#if defined(__cpp_rtti)
    const auto* const nested = dynamic_cast<const std::nested_exception*>(&exception);
    if (nested != nullptr && nested->nested_ptr() != nullptr) {
        try {
            nested->rethrow_nested();
        } catch (...) {
            return fail_by_exception(host, ctx);
        }
    }
#endif
    return fail(host, ctx, Category::Application, "exception", exception.what());
}

/// Makes a reason of the exception that is being handled: of the innermost one, unless an outer one
/// is a Failure and says itself what it means.
inline jh_rc fail_by_exception(const Host& host, jh_ctx ctx) noexcept {
    try {
        throw;
    } catch (const Failure& failure) {
        return fail(host, ctx, failure.borrowed());
    } catch (const std::bad_alloc&) {
        return fail(host, ctx, Category::System, "memory", "out of memory");
    } catch (const std::exception& exception) {
        return fail_by_cause(host, ctx, exception);
    } catch (...) {
        return fail(host, ctx, Category::Application, "exception", "one that is no std::exception");
    }
}

/// For an attempt that nobody will finish any more.
inline jh_rc fail_as_abandoned(const Context& context) noexcept {
    return fail(context.host(), context.ctx(), Category::Application, "abandoned",
                "the plugin let go of the attempt without an outcome");
}

/// What the host side of a waiting attempt and its Completion share.
class Waiting : public std::enable_shared_from_this<Waiting> {
public:
    Waiting(Host host, jh_ctx ctx, const jh_run_info& info)
        : context(host, ctx),
          job_id(view(info.job_id)),
          args_json(view(info.args_json)),
          number(info.attempt),
          starter_(std::this_thread::get_id()) {}

    /// True for the first caller only: it decides how the attempt ends.
    [[nodiscard]] bool take() { return !taken_.exchange(true); }

    /// The function that begins the work has returned or thrown.
    void started() { starting_ = false; }

    /// Leaves the end of the attempt to the caller of that function: whether it throws says how it
    /// ends. False when this is another thread, or the function has come to its end.
    [[nodiscard]] bool leave_to_starter() {
        if (!starting_ || starter_ != std::this_thread::get_id()) {
            return false;
        }
        left_ = true;
        forget_cancel();
        return true;
    }

    /// Asked by the starter alone.
    [[nodiscard]] bool left_to_starter() const { return left_; }

    /// From now on the function of on_cancel is not running, and never will be.
    void forget_cancel() const {
        const jh_host* host = context.host().raw();
        host->run->off_cancel(host, context.ctx());
    }

    const Context context;
    const std::string job_id;
    const std::string args_json;
    const std::uint32_t number;
    std::function<void()> on_cancel;

private:
    const std::thread::id starter_;
    std::atomic<bool> starting_ = true;
    bool left_ = false;
    std::atomic<bool> taken_ = false;
};

}  // namespace detail

/// An attempt that goes on after the function that began it has returned. Owns the duty to end it:
/// finish() does so exactly once, on any thread, and an object that is destroyed without it fails
/// the attempt as "abandoned". Move it to wherever the work goes on. Take the arguments before
/// that.
class Completion {
public:
    Completion() = default;
    explicit Completion(std::shared_ptr<detail::Waiting> waiting) : waiting_(std::move(waiting)) {}

    Completion(Completion&&) noexcept = default;

    Completion& operator=(Completion&& other) noexcept {
        std::swap(waiting_, other.waiting_);
        return *this;
    }

    ~Completion() {
        if (waiting_ != nullptr && !waiting_->leave_to_starter()) {
            abandon();
        }
    }

    /// Ends the attempt. This object is empty afterwards.
    void finish(const Outcome& outcome) noexcept {
        const std::shared_ptr<detail::Waiting> waiting = std::move(waiting_);
        if (waiting == nullptr || !waiting->take()) {
            return;
        }
        complete(waiting->context, detail::settle(waiting->context, outcome));
    }

    /// Is there an attempt left to finish?
    [[nodiscard]] explicit operator bool() const { return waiting_ != nullptr; }

    /// What the attempt may do meanwhile. Valid until finish().
    [[nodiscard]] const Context& operator*() const { return waiting_->context; }
    [[nodiscard]] const Context* operator->() const { return &waiting_->context; }

    [[nodiscard]] const std::string& job_id() const { return waiting_->job_id; }
    [[nodiscard]] const std::string& args_json() const { return waiting_->args_json; }
    [[nodiscard]] std::uint32_t number() const { return waiting_->number; }

    /// Calls `function` once, on a thread of the host, when a cancellation is asked for; at once
    /// when it was asked for already. It must be short and let nothing be thrown. Say it once,
    /// before the object moves on. After finish() and after the end of this object it is not
    /// running and never will be: both wait for it, unless it is what calls them. So hold no lock
    /// there that it takes.
    void on_cancel(std::function<void()> function) {
        waiting_->on_cancel = std::move(function);
        const jh_host* host = waiting_->context.host().raw();
        host->run->on_cancel(host, waiting_->context.ctx(), &call, waiting_.get());
    }

private:
    // The attempt may end inside the function, so what it runs in is kept alive from here.
    static void JH_CALL call(void* waiting) noexcept {
        const auto alive = static_cast<detail::Waiting*>(waiting)->shared_from_this();
        alive->on_cancel();
    }

    static void complete(const Context& context, jh_rc outcome) noexcept {
        const jh_host* host = context.host().raw();
        host->run->complete(host, context.ctx(), outcome);
    }

    void abandon() noexcept {
        const std::shared_ptr<detail::Waiting> waiting = std::move(waiting_);
        if (waiting->take()) {
            complete(waiting->context, detail::fail_as_abandoned(waiting->context));
        }
    }

    std::shared_ptr<detail::Waiting> waiting_;
};

}  // namespace JOBHOST_SDK_LEVEL
}  // namespace jobhost::sdk
