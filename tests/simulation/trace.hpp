#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "simulation/scheduler.hpp"

namespace jobhost::simulation {

/// What happened last, for whoever has to understand a failure; and a sum of all that happened, by
/// which two runs are compared.
class Trace {
public:
    explicit Trace(const Scheduler& scheduler) : scheduler_(scheduler) {}

    /// `what` is a literal. `owner` is the incarnation of a node, or `kNobody`.
    void add(const char* what, Owner owner, std::int64_t one = 0, std::int64_t other = 0) {
        lines_[count_++ % lines_.size()] = {scheduler_.now(), what, owner, one, other};
        for (const std::int64_t number :
             {scheduler_.now().count(), std::int64_t{owner}, one, other}) {
            mix(static_cast<std::uint64_t>(number));
        }
        for (const char letter : std::string_view(what)) {
            mix(static_cast<unsigned char>(letter));
        }
    }

    [[nodiscard]] std::uint64_t sum() const { return sum_; }

    [[nodiscard]] std::string text() const {
        std::string text;
        const std::size_t first = count_ > lines_.size() ? count_ - lines_.size() : 0;
        for (std::size_t i = first; i < count_; ++i) {
            const Line& line = lines_[i % lines_.size()];
            text += "  " + base::format_duration(line.at) + "  node " + std::to_string(line.owner) +
                    "  " + line.what + " " + std::to_string(line.one) + " " +
                    std::to_string(line.other) + "\n";
        }
        return text;
    }

private:
    struct Line {
        Time at{0};
        const char* what = "";
        Owner owner = kNobody;
        std::int64_t one = 0;
        std::int64_t other = 0;
    };

    void mix(std::uint64_t number) { sum_ = (sum_ ^ number) * 0x100000001b3U; }

    const Scheduler& scheduler_;
    std::array<Line, 40> lines_{};
    std::size_t count_ = 0;
    std::uint64_t sum_ = 0xcbf29ce484222325U;
};

/// The first promise that was broken.
struct Violation {
    std::string invariant;  ///< "I2"
    std::string what;
};

}  // namespace jobhost::simulation
