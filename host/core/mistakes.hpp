#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace jobhost::core {

/// Collects what is wrong with a request, so that all of it can be told at once.
class Mistakes {
public:
    /// The first mistake of a field is the one that is told.
    void add(std::string path, std::string code, std::string message) {
        if (full()) {
            ++untold_;
            return;
        }
        if (std::ranges::find(fields_, path, &base::FieldError::path) != fields_.end()) {
            return;
        }
        fields_.push_back({std::move(path), std::move(code), std::move(message)});
    }

    [[nodiscard]] bool empty() const { return fields_.empty(); }

    /// What is added from now on is only counted: its message is not worth any work.
    [[nodiscard]] bool full() const { return fields_.size() == kMostTold; }

    /// The answer to a request with these mistakes; `about` says what is wrong: "the job". The
    /// message holds the first few, for those who show nothing else.
    [[nodiscard]] base::Error error(std::string code, const std::string& about) && {
        constexpr std::size_t kShown = 3;
        std::string message = about + " cannot be accepted:";
        for (std::size_t at = 0; at < fields_.size() && at < kShown; ++at) {
            message += (at > 0 ? "; " : " ") + fields_[at].path + ": " + fields_[at].message;
        }
        if (fields_.size() > kShown) {
            message += "; and " + std::to_string(fields_.size() - kShown + untold_) + " more";
        }
        return {base::ErrorKind::Invalid, std::move(code), std::move(message), std::move(fields_)};
    }

private:
    static constexpr std::size_t kMostTold = 100;

    std::vector<base::FieldError> fields_;
    std::size_t untold_ = 0;
};

}  // namespace jobhost::core
