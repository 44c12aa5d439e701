#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace jobhost::shell {

/// Whose fault a failure is.
enum class Category {
    Business,     ///< what the job asks for is wrong
    Application,  ///< the command is wrong
    Network,      ///< something that the command needs is away
    System,       ///< this machine is short of something
};

/// Whether another try may help.
enum class Retry { HostDecides, Worthwhile, Useless };

/// Why an attempt failed, or why a configuration is refused.
struct Fault {
    Category category = Category::Application;
    Retry retry = Retry::HostDecides;
    std::string type;     ///< stable dotted id, "shell.exit": people count and filter by it
    std::string message;  ///< one sentence for the person who will read it
    int code = 0;         ///< exit code, signal or errno, for people; 0 = none
};

/// A value or the fault that stands in its way.
template <typename T>
class [[nodiscard]] Result {
public:
    // Implicit, so that a function returns either.
    Result(T value)  // NOLINT(google-explicit-constructor)
        : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Fault fault)  // NOLINT(google-explicit-constructor)
        : state_(std::in_place_index<1>, std::move(fault)) {}

    explicit operator bool() const noexcept { return state_.index() == 0; }

    /// Only after a check: a fault here is a mistake of the caller.
    T& operator*() { return std::get<0>(state_); }
    const T& operator*() const { return std::get<0>(state_); }
    T* operator->() { return &std::get<0>(state_); }
    const T* operator->() const { return &std::get<0>(state_); }
    [[nodiscard]] const Fault& fault() const { return std::get<1>(state_); }

private:
    std::variant<T, Fault> state_;
};

/// What the job asks for cannot be done, now or later.
Fault bad_request(std::string message);

/// A call of the operating system failed for want of something that may be there later.
/// `doing` completes "cannot …".
Fault short_of_resources(const std::string& doing, int error_number);

}  // namespace jobhost::shell
