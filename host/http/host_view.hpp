#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/why.hpp"

namespace jobhost::http {

/// One library that was found, loaded or not.
struct PluginView {
    std::string id;  ///< empty when the library could not say
    std::string version;
    std::string file;    ///< where it was found
    std::string state;   ///< "active" or "refused"
    std::string reason;  ///< why it was refused
    std::string isolation;
    int min_level = 0;
    int target_level = 0;
    bool reduced = false;  ///< it was written for a newer level and does without
    std::vector<std::string> types;
    std::string digest;
    int misbehaved = 0;  ///< times it broke a rule of the border
};

struct Check {
    std::string name;
    bool ok = false;
    std::string detail;
};

/// What this host tells about itself.
struct HostStatus {
    std::string name;
    std::string node_id;
    std::string state;  ///< "starting", "ready", "standby", "draining"
    base::Instant started_at;
    std::string storage;
    std::string time_zone;  ///< of recurring jobs that name none
    int workers = 0;
    int running = 0;
    int stuck = 0;  ///< attempts that do not stop when asked, or do not come back from their start
};

/// The parts of the host that the endpoint shows or steers and other rooms own; implemented by
/// `app`. Answers from memory and never blocks. [any thread]
class HostView {
public:
    virtual ~HostView() = default;
    [[nodiscard]] virtual HostStatus status() const = 0;
    [[nodiscard]] virtual std::vector<PluginView> plugins() const = 0;
    /// How many jobs of a type it takes at once, as its next claim would see it.
    [[nodiscard]] virtual core::Places places(const std::string& type) const = 0;
    /// The last results of the checks that run in the background.
    [[nodiscard]] virtual std::vector<Check> readiness() const = 0;
    /// Are the loops of this process making progress? Never asks the database.
    [[nodiscard]] virtual std::vector<Check> liveness() const = 0;
    /// On standby the host starts no attempts; what runs goes on, and so do schedules.
    virtual void set_standby(bool on) = 0;
};

}  // namespace jobhost::http
