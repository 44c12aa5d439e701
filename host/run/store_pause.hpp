#pragma once

#include "core/retry.hpp"

namespace jobhost::run {

/// How long to leave the store alone after so many failures in a row.
inline constexpr core::RetryPolicy kStorePause{.base = base::Duration(100),
                                               .factor = 2,
                                               .cap = std::chrono::seconds(5),
                                               .jitter = 0};

}  // namespace jobhost::run
