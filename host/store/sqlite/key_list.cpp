#include "store/sqlite/key_list.hpp"

#include <charconv>

namespace jobhost::store::sqlite {

std::string text_of_keys(std::span<const JobKey> keys) {
    std::string text;
    for (const JobKey key : keys) {
        text += text.empty() ? '[' : ',';
        text += std::to_string(key.value);
    }
    return text.empty() ? "[]" : text + ']';
}

std::vector<JobKey> keys_of_text(std::string_view text) {
    std::vector<JobKey> keys;
    const char* const end = text.data() + text.size();
    for (const char* at = text.data(); at != end;) {
        JobKey key;
        const auto [stop, error] = std::from_chars(at, end, key.value);
        if (error == std::errc()) {
            keys.push_back(key);
            at = stop;
        } else {
            ++at;
        }
    }
    return keys;
}

}  // namespace jobhost::store::sqlite
