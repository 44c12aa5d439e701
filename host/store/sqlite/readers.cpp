#include "store/sqlite/readers.hpp"

#include <utility>

#include "store/sqlite/schema.hpp"

namespace jobhost::store::sqlite {

Readers::Loan::~Loan() {
    if (connection_) {
        readers_.give_back(std::move(connection_));
    }
}

Readers::Readers(std::filesystem::path file, base::Duration call_timeout)
    : file_(std::move(file)), call_timeout_(call_timeout) {}

base::Result<Readers::Loan> Readers::borrow() {
    const auto deadline = std::chrono::steady_clock::now() + call_timeout_;
    std::unique_ptr<Connection> connection;
    {
        std::unique_lock lock(mutex_);
        if (!returned_.wait_until(lock, deadline, [this] { return lent_ < kMost; })) {
            return base::Error{base::ErrorKind::Timeout, "timeout",
                               "every reading connection of the store is busy"};
        }
        ++lent_;
        if (!free_.empty()) {
            connection = std::move(free_.back());
            free_.pop_back();
        }
    }
    if (!connection) {
        auto opened = Connection::open(file_, Access::Read, kBusyWait);
        if (!opened) {
            give_back(nullptr);
            return std::move(opened).error();
        }
        connection = *std::move(opened);
    }
    connection->set_deadline(deadline);
    return Loan(*this, std::move(connection));
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
    {
        const std::scoped_lock lock(mutex_);
        --lent_;
        if (connection && !connection->disk_failed()) {
            static_cast<void>(connection->take_failure());
            free_.push_back(std::move(connection));
        }
    }
    returned_.notify_one();
}

}  // namespace jobhost::store::sqlite
