#pragma once

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/sqlite/connection.hpp"

namespace jobhost::store::sqlite {

/// A few read-only connections, lent to whoever looks at jobs. Each call has a time limit, so no
/// reader holds on to an old state for long and the write-ahead log can start anew.
/// [any thread]
class Readers {
public:
    /// A connection on loan; goes back when this goes.
    class Loan {
    public:
        Loan(Readers& readers, std::unique_ptr<Connection> connection)
            : readers_(readers), connection_(std::move(connection)) {}
        Loan(Loan&&) = default;
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;
        Loan& operator=(Loan&&) = delete;
        ~Loan();

        [[nodiscard]] Connection& connection() const { return *connection_; }

    private:
        Readers& readers_;
        std::unique_ptr<Connection> connection_;
    };

    static constexpr std::size_t kMost = 4;

    Readers(std::filesystem::path file, base::Duration call_timeout);

    /// Waits for a free connection; opens one when fewer than `kMost` are open.
    [[nodiscard]] base::Result<Loan> borrow();

private:
    void give_back(std::unique_ptr<Connection> connection);

    const std::filesystem::path file_;
    const base::Duration call_timeout_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Connection>> free_;
    std::size_t lent_ = 0;
};

/// What `at` reads, all of it in one view of the database.
template <typename Function>
auto look(Readers& readers, Function at)
    -> base::Result<std::invoke_result_t<Function&, Connection&>> {
    auto loan = readers.borrow();
    if (!loan) {
        return std::move(loan).error();
    }
    Connection& connection = loan->connection();
    auto seen = [&] {
        const Snapshot snapshot(connection);
        return at(connection);
    }();
    if (auto failure = connection.take_failure()) {
        return *std::move(failure);
    }
    return seen;
}

}  // namespace jobhost::store::sqlite
