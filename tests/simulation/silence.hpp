#pragma once

#include <gtest/gtest.h>

#include "base/log.hpp"

namespace jobhost::simulation {

/// What the actors have to say about their troubles is no news here.
class Silence final : public testing::Environment {
    void SetUp() override {
        ASSERT_TRUE(base::start_log({.level = base::LogLevel::Error, .target = "file:/dev/null"}));
    }
};

}  // namespace jobhost::simulation
