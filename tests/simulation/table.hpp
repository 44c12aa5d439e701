#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/result.hpp"
#include "simulation/scheduler.hpp"

/// Tables as a server under READ COMMITTED shows them. Every statement reads the state that was
/// committed when it began. A row lock is waited for, and then that row, and no other, is read
/// anew: so a statement that locks one row and reads a second one decides with an old second row.
/// This is the trap behind Law 0, and a model without it could not fall into it.
namespace jobhost::simulation {

/// Counts commits.
using Moment = std::uint64_t;

/// Leaves a transaction in the middle; whoever began it answers with the error.
struct Failure {
    base::Error error;
};

class Transaction;

/// A row, or the place of one, as a transaction sees it.
class Cell {
public:
    Cell() = default;
    virtual ~Cell() = default;
    Cell(const Cell&) = delete;
    Cell& operator=(const Cell&) = delete;

    virtual void commit(Moment at, Moment oldest_reader) = 0;
    virtual void roll_back() = 0;

    Transaction* owner = nullptr;
    std::vector<Task*> waiting = {};
};

/// What the transactions of one store share.
struct Engine {
    explicit Engine(Scheduler& its_scheduler) : scheduler(its_scheduler) {}

    Scheduler& scheduler;
    Moment now = 1;
    std::multiset<Moment> readers;  ///< the moments that running statements read at
    std::set<Transaction*> open;

    [[nodiscard]] Moment oldest_reader() const { return readers.empty() ? now : *readers.begin(); }
};

/// Holds its locks until it ends. Rolls back when it was not committed.
class Transaction {
public:
    Transaction(Engine& its_engine, Owner its_owner) : engine(its_engine), owner(its_owner) {
        engine.open.insert(this);
    }
    ~Transaction() { roll_back(); }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit() {
        check();
        ++engine.now;
        for (Cell* const cell : cells_) {
            cell->commit(engine.now, engine.oldest_reader());
        }
        release();
    }

    /// As well from outside: the server ends the session of a node that is gone.
    void roll_back() {
        for (Cell* const cell : cells_) {
            cell->roll_back();
        }
        release();
    }
    void terminate() {
        roll_back();
        terminated_ = true;
    }

    /// Fails in a session that was ended from outside.
    void check() const {
        if (terminated_) {
            throw Failure{{base::ErrorKind::Unavailable, "terminated", "the session was ended"}};
        }
    }

    /// Waits until nobody else has the cell, and takes it.
    void take(Cell& cell) {
        while (cell.owner != nullptr && cell.owner != this) {
            if (waits_in_a_circle(cell)) {
                throw Failure{{base::ErrorKind::Unavailable, "deadlock", "a deadlock was broken"}};
            }
            waits_for_ = &cell;
            cell.waiting.push_back(&engine.scheduler.current());
            try {
                engine.scheduler.block();
            } catch (const Killed&) {
                stop_waiting(cell);
                throw;
            }
            stop_waiting(cell);
            check();
        }
        if (cell.owner == nullptr) {
            cell.owner = this;
            cells_.push_back(&cell);
        }
    }

    void give_back(Cell& cell) {
        cell.owner = nullptr;
        std::erase(cells_, &cell);
        wake(cell);
    }

    Engine& engine;
    const Owner owner;

private:
    [[nodiscard]] bool waits_in_a_circle(const Cell& first) const {
        const Cell* cell = &first;
        for (const Transaction* other = cell->owner; other != nullptr; other = cell->owner) {
            if (other == this) {
                return true;
            }
            if (other->waits_for_ == nullptr) {
                return false;
            }
            cell = other->waits_for_;
        }
        return false;
    }

    void stop_waiting(Cell& cell) {
        waits_for_ = nullptr;
        std::erase(cell.waiting, &engine.scheduler.current());
    }

    void wake(Cell& cell) const {
        for (Task* const task : cell.waiting) {
            engine.scheduler.wake(*task);
        }
    }

    void release() {
        for (Cell* const cell : cells_) {
            cell->owner = nullptr;
            wake(*cell);
        }
        cells_.clear();
        engine.open.erase(this);
    }

    std::vector<Cell*> cells_;
    const Cell* waits_for_ = nullptr;
    bool terminated_ = false;
};

/// One statement; reads what was committed when it began.
class Statement {
public:
    explicit Statement(Transaction& transaction) : in(transaction), at(begin(transaction)) {
        in.engine.readers.insert(at);
    }
    ~Statement() { in.engine.readers.erase(in.engine.readers.find(at)); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Transaction& in;
    const Moment at;

private:
    static Moment begin(Transaction& transaction) {
        transaction.engine.scheduler.yield();
        transaction.check();
        return transaction.engine.now;
    }
};

template <typename Key, typename Row>
class Table {
public:
    /// Called at each commit for each row that changed.
    using Watch = std::function<void(const Key&, const Row* before, const Row* after)>;

    explicit Table(Watch watch) : watch_(std::move(watch)) {}

    /// What the statement sees there; a transaction sees what it wrote itself.
    const Row* read(const Statement& statement, const Key& key) const {
        const auto found = cells_.find(key);
        return found == cells_.end() ? nullptr : found->second.seen(statement);
    }

    /// The row as it is after waiting for whoever has it; null and no lock when it is gone.
    const Row* lock(const Statement& statement, const Key& key) {
        const auto found = cells_.find(key);
        return found == cells_.end() ? nullptr : lock(statement, found->second);
    }

    /// The same, but null where somebody else has it: SKIP LOCKED.
    const Row* try_lock(const Statement& statement, const Key& key) {
        const auto found = cells_.find(key);
        const bool free = found != cells_.end() &&
                          (found->second.owner == nullptr || found->second.owner == &statement.in);
        return free ? lock(statement, found->second) : nullptr;
    }

    /// False when there is such a row.
    bool insert(const Statement& statement, const Key& key, Row row) {
        Place& place = place_of(key);
        statement.in.take(place);
        if (place.latest() != nullptr) {
            return false;
        }
        place.write(std::move(row));
        return true;
    }

    /// Needs the lock.
    void update(const Statement& statement, const Key& key, Row row) {
        place_of(statement, key).write(std::move(row));
    }
    void erase(const Statement& statement, const Key& key) {
        place_of(statement, key).write(std::nullopt);
    }

    /// All rows that the statement sees, copied, since locking them takes time.
    template <typename Predicate>
    std::vector<std::pair<Key, Row>> select(const Statement& statement, Predicate wanted) {
        std::vector<std::pair<Key, Row>> found;
        for (auto at = cells_.begin(); at != cells_.end();) {
            if (at->second.is_dead(statement.in.engine)) {
                at = cells_.erase(at);
                continue;
            }
            const Row* const row = at->second.seen(statement);
            if (row != nullptr && wanted(at->first, *row)) {
                found.emplace_back(at->first, *row);
            }
            ++at;
        }
        return found;
    }

    /// What is committed, for those who check.
    const Row* committed(const Key& key) const {
        const auto found = cells_.find(key);
        return found == cells_.end() ? nullptr : found->second.newest();
    }
    template <typename Visit>
    void each(Visit visit) const {
        for (const auto& [key, place] : cells_) {
            if (const Row* const row = place.newest()) {
                visit(key, *row);
            }
        }
    }

private:
    struct Version {
        Moment since;
        std::optional<Row> row;
    };

    class Place final : public Cell {
    public:
        Place(const Key& its_key, const Watch& its_watch) : key_(its_key), watch_(its_watch) {}

        void commit(Moment at, Moment oldest_reader) override {
            if (!written_) {
                return;
            }
            const Row* const before = newest();
            const std::optional<Row> old = before ? std::optional(*before) : std::nullopt;
            while (versions_.size() > 1 && versions_[1].since <= oldest_reader) {
                versions_.erase(versions_.begin());
            }
            versions_.push_back({at, std::move(pending_)});
            written_ = false;
            watch_(key_, old ? &*old : nullptr, newest());
        }
        void roll_back() override { written_ = false; }

        void write(std::optional<Row> row) {
            pending_ = std::move(row);
            written_ = true;
        }
        [[nodiscard]] const Row* newest() const {
            return versions_.empty() ? nullptr : pointer(versions_.back().row);
        }
        [[nodiscard]] const Row* latest() const { return written_ ? pointer(pending_) : newest(); }
        [[nodiscard]] const Row* seen(const Statement& statement) const {
            if (owner == &statement.in && written_) {
                return pointer(pending_);
            }
            const Row* row = nullptr;
            for (const Version& version : versions_) {
                if (version.since <= statement.at) {
                    row = pointer(version.row);
                }
            }
            return row;
        }
        [[nodiscard]] bool is_dead(const Engine& engine) const {
            return owner == nullptr && waiting.empty() && newest() == nullptr &&
                   (versions_.empty() || versions_.back().since <= engine.oldest_reader());
        }

    private:
        static const Row* pointer(const std::optional<Row>& row) { return row ? &*row : nullptr; }

        Key key_;
        const Watch& watch_;
        std::vector<Version> versions_;
        std::optional<Row> pending_;
        bool written_ = false;
    };

    Place& place_of(const Key& key) { return cells_.try_emplace(key, key, watch_).first->second; }
    Place& place_of(const Statement& statement, const Key& key) {
        Place& place = place_of(key);
        JOBHOST_ASSERT(place.owner == &statement.in);
        return place;
    }

    const Row* lock(const Statement& statement, Place& place) {
        const bool had = place.owner == &statement.in;
        if (!had && place.owner == nullptr && place.newest() == nullptr) {
            return nullptr;
        }
        statement.in.take(place);
        const Row* const row = place.latest();
        if (row == nullptr && !had) {
            statement.in.give_back(place);
        }
        return row;
    }

    Watch watch_;
    std::map<Key, Place> cells_;
};

}  // namespace jobhost::simulation
