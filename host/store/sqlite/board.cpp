#include "store/sqlite/board.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

#include "store/sqlite/error.hpp"

namespace jobhost::store::sqlite {

/// A check is never 0, so an empty cell is no entry.
struct alignas(64) Board::Cell {
    std::uint64_t token;
    std::uint64_t job;
    std::uint64_t held_check;   ///< of token and job
    std::uint64_t started_at;   ///< milliseconds since 1970
    std::uint64_t start_check;  ///< of token and started_at
};

namespace {

constexpr std::string_view kMagic = "JHBOARD1";
constexpr std::size_t kHead = 4096;
constexpr std::size_t kCell = 64;
constexpr std::size_t kSize = kHead + Board::kCapacity * kCell;

std::uint64_t check(std::uint64_t a, std::uint64_t b) {
    std::uint64_t mixed = a * 0x9e3779b97f4a7c15u ^ (b + 0x632be59bd9b4e019u);
    mixed = (mixed ^ (mixed >> 29)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 32)) * 0x94d049bb133111ebu;
    return (mixed ^ (mixed >> 31)) | 1;
}

std::uint64_t read(std::uint64_t& word) {
    return std::atomic_ref(word).load(std::memory_order_relaxed);
}

/// Stores stay in the order in which they are written down.
void write(std::uint64_t& word, std::uint64_t value) {
    std::atomic_ref(word).store(value, std::memory_order_release);
}

std::string head_of(std::string_view identity) {
    return std::string(kMagic) + std::string(identity);
}

/// All its blocks are there before it is mapped: a full disk must be an error here and not a signal
/// later.
base::Result<std::span<std::byte>> map_file(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) {
        return system_error(errno, "open " + path);
    }
    if (const int failed = ::posix_fallocate(descriptor, 0, kSize); failed != 0) {
        ::close(descriptor);
        return system_error(failed, "make room for " + path);
    }
    void* const address = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    const int failed = errno;
    ::close(descriptor);
    if (address == MAP_FAILED) {
        return system_error(failed, "map " + path);
    }
    return std::span(static_cast<std::byte*>(address), kSize);
}

}  // namespace

base::Result<Board> Board::open(const std::filesystem::path& file, std::string_view identity) {
    static_assert(sizeof(Cell) == kCell);
    auto mapping = map_file(file.native() + ".board");
    if (!mapping) {
        return std::move(mapping).error();
    }
    const std::string head = head_of(identity);
    if (std::memcmp(mapping->data(), head.data(), head.size()) != 0) {
        std::ranges::fill(*mapping, std::byte{0});
        std::memcpy(mapping->data(), head.data(), head.size());
    }
    return Board(*mapping);
}

Board::Board(std::span<std::byte> mapping) : mapping_(mapping) {
    std::vector<bool> used(kCapacity, false);
    for (const Entry& entry : entries()) {
        used[entry.slot] = true;
    }
    free_.reserve(kCapacity);
    for (Slot slot = kCapacity; slot-- > 0;) {
        if (!used[slot]) {
            free_.push_back(slot);
        }
    }
}

Board::Board(Board&& other) noexcept
    : mapping_(std::exchange(other.mapping_, {})), free_(std::move(other.free_)) {}

Board::~Board() {
    if (!mapping_.empty()) {
        ::munmap(mapping_.data(), mapping_.size());
    }
}

std::vector<Board::Entry> Board::entries() const {
    std::vector<Entry> found;
    for (Slot slot = 0; slot < kCapacity; ++slot) {
        Cell& one = cell(slot);
        const std::uint64_t token = read(one.token);
        const std::uint64_t job = read(one.job);
        if (read(one.held_check) != check(token, job)) {
            continue;
        }
        Entry entry{.slot = slot,
                    .token = {static_cast<std::int64_t>(token)},
                    .job = {static_cast<std::int64_t>(job)},
                    .started_at = std::nullopt};
        const std::uint64_t started_at = read(one.started_at);
        if (read(one.start_check) == check(token, started_at)) {
            entry.started_at = core::Instant(core::Duration(static_cast<std::int64_t>(started_at)));
        }
        found.push_back(entry);
    }
    return found;
}

std::optional<Board::Slot> Board::put(core::Token token, JobKey job) {
    if (free_.empty()) {
        return std::nullopt;
    }
    const Slot slot = free_.back();
    free_.pop_back();
    Cell& one = cell(slot);
    const auto token_word = static_cast<std::uint64_t>(token.value);
    const auto job_word = static_cast<std::uint64_t>(job.value);
    write(one.start_check, 0);
    write(one.token, token_word);
    write(one.job, job_word);
    write(one.held_check, check(token_word, job_word));
    return slot;
}

void Board::start(Slot slot, core::Instant at) {
    Cell& one = cell(slot);
    const auto at_word = static_cast<std::uint64_t>(at.time_since_epoch().count());
    write(one.started_at, at_word);
    write(one.start_check, check(read(one.token), at_word));
}

void Board::clear(Slot slot) {
    write(cell(slot).held_check, 0);
    free_.push_back(slot);
}

Board::Cell& Board::cell(Slot slot) const {
    return *reinterpret_cast<Cell*>(mapping_.data() + kHead + std::size_t{slot} * kCell);
}

}  // namespace jobhost::store::sqlite
