#include "store/sqlite/fault_vfs.hpp"

#include <cstring>
#include <new>
#include <utility>

#include <sqlite3.h>

namespace jobhost::store::sqlite {

namespace {

sqlite3_vfs* real = nullptr;
FaultVfs* faults = nullptr;
sqlite3_vfs shim{};

/// Followed in memory by the real file.
struct File {
    sqlite3_file base;
    sqlite3_file* inner;
    char name[512];
};

File* self(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* inner(sqlite3_file* file) { return self(file)->inner; }
const sqlite3_io_methods* methods(sqlite3_file* file) { return inner(file)->pMethods; }

int close(sqlite3_file* file) { return methods(file)->xClose(inner(file)); }
int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
    return methods(file)->xRead(inner(file), to, size, at);
}
int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    const int code = faults->before_write(self(file)->name);
    return code != 0 ? code : methods(file)->xWrite(inner(file), from, size, at);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
    return methods(file)->xTruncate(inner(file), size);
}
int sync(sqlite3_file* file, int flags) {
    if (const int code = faults->before_sync(); code != 0) {
        return code;
    }
    const int code = methods(file)->xSync(inner(file), flags);
    faults->after_sync(self(file)->name);
    return code;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return methods(file)->xFileSize(inner(file), size);
}
int lock(sqlite3_file* file, int level) { return methods(file)->xLock(inner(file), level); }
int unlock(sqlite3_file* file, int level) { return methods(file)->xUnlock(inner(file), level); }
int check_reserved(sqlite3_file* file, int* found) {
    return methods(file)->xCheckReservedLock(inner(file), found);
}
int control(sqlite3_file* file, int what, void* argument) {
    return methods(file)->xFileControl(inner(file), what, argument);
}
int sector_size(sqlite3_file* file) { return methods(file)->xSectorSize(inner(file)); }
int characteristics(sqlite3_file* file) {
    return methods(file)->xDeviceCharacteristics(inner(file));
}
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** to) {
    return methods(file)->xShmMap(inner(file), page, size, extend, to);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return methods(file)->xShmLock(inner(file), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { methods(file)->xShmBarrier(inner(file)); }
int shm_unmap(sqlite3_file* file, int remove) {
    return methods(file)->xShmUnmap(inner(file), remove);
}

const sqlite3_io_methods kMethods{2,
                                  close,
                                  read,
                                  write,
                                  truncate,
                                  sync,
                                  file_size,
                                  lock,
                                  unlock,
                                  check_reserved,
                                  control,
                                  sector_size,
                                  characteristics,
                                  shm_map,
                                  shm_lock,
                                  shm_barrier,
                                  shm_unmap,
                                  nullptr,
                                  nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    File* const opened = new (file) File{};
    opened->inner = reinterpret_cast<sqlite3_file*>(opened + 1);
    if (name != nullptr) {
        std::strncpy(opened->name, name, sizeof opened->name - 1);
    }
    const int code = real->xOpen(real, name, opened->inner, flags, out_flags);
    opened->base.pMethods = opened->inner->pMethods != nullptr ? &kMethods : nullptr;
    return code;
}

int remove(sqlite3_vfs*, const char* name, int sync_folder) {
    const int code = real->xDelete(real, name, sync_folder);
    if (code == SQLITE_OK && sync_folder != 0) {
        faults->after_removal(name);
    }
    return code;
}

}  // namespace

FaultVfs::FaultVfs() {
    real = sqlite3_vfs_find(nullptr);
    faults = this;
    shim = *real;
    shim.zName = "faults";
    shim.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
    shim.xOpen = open;
    shim.xDelete = remove;
    sqlite3_vfs_register(&shim, 1);
}

FaultVfs::~FaultVfs() {
    sqlite3_vfs_unregister(&shim);
    sqlite3_vfs_register(real, 1);
    faults = nullptr;
}

void FaultVfs::fail_writes(int code, std::string suffix) {
    const std::scoped_lock lock(mutex_);
    write_code_ = code;
    write_suffix_ = std::move(suffix);
}

void FaultVfs::fail_syncs(int code, int count) {
    const std::scoped_lock lock(mutex_);
    sync_code_ = code;
    sync_failures_ = count;
}

void FaultVfs::close_gate() {
    const std::scoped_lock lock(mutex_);
    gate_closed_ = true;
    waiting_ = false;
}

void FaultVfs::open_gate() {
    {
        const std::scoped_lock lock(mutex_);
        gate_closed_ = false;
    }
    changed_.notify_all();
}

void FaultVfs::wait_for_sync() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_; });
}

void FaultVfs::keep_synced(std::optional<std::filesystem::path> into) {
    const std::scoped_lock lock(mutex_);
    synced_ = std::move(into);
}

int FaultVfs::before_write(const std::string& file) {
    const std::scoped_lock lock(mutex_);
    return write_code_ != 0 && file.ends_with(write_suffix_) ? write_code_ : 0;
}

int FaultVfs::before_sync() {
    ++syncs_;
    std::unique_lock lock(mutex_);
    waiting_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !gate_closed_; });
    if (sync_failures_ > 0) {
        --sync_failures_;
        return sync_code_;
    }
    return 0;
}

void FaultVfs::after_sync(const std::string& file) {
    const std::scoped_lock lock(mutex_);
    if (synced_) {
        const std::filesystem::path path(file);
        std::filesystem::copy_file(path, *synced_ / path.filename(),
                                   std::filesystem::copy_options::overwrite_existing);
    }
}

void FaultVfs::after_removal(const std::string& file) {
    const std::scoped_lock lock(mutex_);
    if (synced_) {
        std::filesystem::remove(*synced_ / std::filesystem::path(file).filename());
    }
}

}  // namespace jobhost::store::sqlite
