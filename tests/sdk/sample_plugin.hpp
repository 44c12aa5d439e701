#pragma once

#include <atomic>

#include <jobhost/plugin.h>

/// The plugin of sample_plugin.cpp is linked into the test; its entry is jobhost_plugin_v1().
namespace sample {

/// Objects of its class Service that live now.
extern std::atomic<int> services_alive;

}  // namespace sample
