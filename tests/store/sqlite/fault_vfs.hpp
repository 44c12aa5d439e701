#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

namespace jobhost::store::sqlite {

/// Stands between SQLite and the disk while it lives, and does to the real disk's answers what a
/// test says. Databases must be opened after it and closed before it.
class FaultVfs {
public:
    FaultVfs();
    ~FaultVfs();
    FaultVfs(const FaultVfs&) = delete;
    FaultVfs& operator=(const FaultVfs&) = delete;

    /// SQLite's code for every write to files whose name ends so; 0 = the disk works.
    void fail_writes(int code, std::string suffix = {});
    /// The same for the next `count` syncs.
    void fail_syncs(int code, int count);
    /// Syncs wait until `open_gate`.
    void close_gate();
    void open_gate();
    /// Waits until a sync stands before the gate.
    void wait_for_sync();
    /// From now on each file's content as of its last sync is kept here, also of files that were
    /// removed without a sync of their folder: what a loss of power leaves when the disk has kept
    /// nothing but what it had promised. Nothing = what is kept stays so.
    void keep_synced(std::optional<std::filesystem::path> into);

    [[nodiscard]] int syncs() const { return syncs_; }

    // What the files ask.
    [[nodiscard]] int before_write(const std::string& file);
    [[nodiscard]] int before_sync();
    void after_sync(const std::string& file);
    void after_removal(const std::string& file);  ///< and the folder is synced

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int write_code_ = 0;
    std::string write_suffix_;
    int sync_code_ = 0;
    int sync_failures_ = 0;
    bool gate_closed_ = false;
    bool waiting_ = false;
    std::optional<std::filesystem::path> synced_;
    std::atomic<int> syncs_ = 0;
};

}  // namespace jobhost::store::sqlite
