#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/job.hpp"
#include "store/sqlite/keys.hpp"

namespace jobhost::store::sqlite {

/// The board on which is written who is held now: FILE.board, mapped into memory, so that writing
/// costs nothing and survives `kill -9`. It need not survive the loss of power: what it says is
/// only believed where the database agrees, and what ran long stands in the database too.
///
/// A slot is written so that a process that dies between two stores leaves either nothing or a
/// whole entry: the numbers first, then their check. Not thread-safe.
class Board {
public:
    using Slot = std::uint32_t;

    /// More than the settings allow one host to run and to wait for.
    static constexpr std::size_t kCapacity = 16'384;

    struct Entry {
        Slot slot = 0;
        core::Token token;
        JobKey job;
        std::optional<core::Instant> started_at;
    };

    /// Opens or makes the file. `identity` is that of the database: a board of another one is
    /// wiped.
    [[nodiscard]] static base::Result<Board> open(const std::filesystem::path& file,
                                                  std::string_view identity);

    Board(Board&& other) noexcept;
    Board(const Board&) = delete;
    Board& operator=(const Board&) = delete;
    Board& operator=(Board&&) = delete;
    ~Board();

    /// The whole entries, as an earlier process left them.
    [[nodiscard]] std::vector<Entry> entries() const;

    /// Nothing when the board is full.
    [[nodiscard]] std::optional<Slot> put(core::Token token, JobKey job);
    void start(Slot slot, core::Instant at);
    void clear(Slot slot);

    [[nodiscard]] std::size_t room() const { return free_.size(); }

private:
    struct Cell;

    explicit Board(std::span<std::byte> mapping);
    [[nodiscard]] Cell& cell(Slot slot) const;

    std::span<std::byte> mapping_;
    std::vector<Slot> free_;
};

}  // namespace jobhost::store::sqlite
