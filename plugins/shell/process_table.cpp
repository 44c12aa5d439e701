#include "process_table.hpp"

#include <cstddef>

#include "system_calls.hpp"

namespace jobhost::shell {

namespace {

constexpr std::size_t kLongestNumber = 10;

bool is_digit(char letter) noexcept { return letter >= '0' && letter <= '9'; }

bool is_number(const char* name) noexcept {
    std::size_t length = 0;
    while (is_digit(name[length])) {
        ++length;
    }
    return length > 0 && length <= kLongestNumber && name[length] == '\0';
}

/// Reads "123 " and moves behind it.
bool take_number(const char*& text, pid_t& number) noexcept {
    const char* const begin = text;
    number = 0;
    while (is_digit(*text)) {
        number = static_cast<pid_t>(number * 10 + (*text - '0'));
        ++text;
    }
    return text != begin && *text++ == ' ';
}

const char* last_parenthesis(const char* text) noexcept {
    const char* found = nullptr;
    for (; *text != '\0'; ++text) {
        if (*text == ')') {
            found = text;
        }
    }
    return found;
}

/// "NAME/stat"; the caller has checked the length of the name.
void stat_path(const char* name, char* path) noexcept {
    while (*name != '\0') {
        *path++ = *name++;
    }
    for (const char* rest = "/stat"; (*path++ = *rest++) != '\0';) {
    }
}

}  // namespace

bool parse_process_entry(const char* text, ProcessEntry& entry) noexcept {
    if (!take_number(text, entry.process)) {
        return false;
    }
    const char* behind_name = last_parenthesis(text);
    if (behind_name == nullptr || behind_name[1] != ' ' || behind_name[2] == '\0' ||
        behind_name[3] != ' ') {
        return false;
    }
    entry.zombie = behind_name[2] == 'Z' || behind_name[2] == 'X';
    behind_name += 4;
    return take_number(behind_name, entry.parent) && take_number(behind_name, entry.group);
}

ProcessTable::ProcessTable(int folder) noexcept : folder_(folder) { kernel::rewind(folder_); }

bool ProcessTable::next(ProcessEntry& entry) noexcept {
    while (true) {
        if (position_ >= filled_) {
            filled_ = kernel::list_folder(folder_, entries_, sizeof entries_);
            position_ = 0;
            if (filled_ <= 0) {
                return false;
            }
        }
        const auto* listed = reinterpret_cast<const dirent64*>(entries_ + position_);
        position_ += listed->d_reclen;
        if (is_number(listed->d_name) && read_entry(listed->d_name, entry)) {
            return true;
        }
    }
}

bool ProcessTable::read_entry(const char* name, ProcessEntry& entry) const noexcept {
    char path[kLongestNumber + sizeof "/stat"];
    stat_path(name, path);
    const long file = kernel::open_at(folder_, path, O_RDONLY);
    if (file < 0) {
        return false;
    }
    // The name has at most 64 letters and the numbers asked for follow it.
    char text[256];
    const long size = kernel::read(static_cast<int>(file), text, sizeof text - 1);
    kernel::close(static_cast<int>(file));
    if (size <= 0) {
        return false;
    }
    text[size] = '\0';
    return parse_process_entry(text, entry);
}

}  // namespace jobhost::shell
