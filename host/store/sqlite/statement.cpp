#include "store/sqlite/statement.hpp"

#include <algorithm>
#include <cstring>

#include <sqlite3.h>

#include "store/sqlite/connection.hpp"

namespace jobhost::store::sqlite {

Statement::~Statement() {
    if (handle_ != nullptr) {
        sqlite3_reset(handle_);
    }
}

bool Statement::next() {
    if (handle_ == nullptr || connection_->failure()) {
        return false;
    }
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        connection_->fail(code);
    }
    return false;
}

void Statement::bind_value(int position, std::int64_t value) {
    check(sqlite3_bind_int64(handle_, position, value));
}

void Statement::bind_value(int position, std::string_view value) {
    // A null pointer would bind NULL, which an empty text is not.
    check(sqlite3_bind_text64(handle_, position, value.data() == nullptr ? "" : value.data(),
                              value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind_value(int position, Blob value) {
    if (value.bytes.empty()) {
        check(sqlite3_bind_zeroblob(handle_, position, 0));
        return;
    }
    check(sqlite3_bind_blob64(handle_, position, value.bytes.data(), value.bytes.size(),
                              SQLITE_STATIC));
}

void Statement::bind_value(int position, std::nullopt_t) {
    check(sqlite3_bind_null(handle_, position));
}

bool Statement::is_null(int index) const {
    return sqlite3_column_type(handle_, index) == SQLITE_NULL;
}

std::int64_t Statement::integer(int index) const { return sqlite3_column_int64(handle_, index); }

std::string_view Statement::bytes(int index) const {
    const void* data = sqlite3_column_blob(handle_, index);
    const int size = sqlite3_column_bytes(handle_, index);
    return data == nullptr
               ? std::string_view()
               : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

base::Uuid Statement::uuid(int index) const {
    base::Uuid uuid;
    const std::string_view found = bytes(index);
    std::memcpy(uuid.bytes.data(), found.data(), std::min(found.size(), uuid.bytes.size()));
    return uuid;
}

void Statement::check(int code) {
    if (code != SQLITE_OK) {
        connection_->fail(code);
    }
}

}  // namespace jobhost::store::sqlite
