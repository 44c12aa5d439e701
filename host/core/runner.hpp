#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/job.hpp"
#include "core/outcome.hpp"
#include "core/parameters.hpp"

namespace jobhost::core {

/// One try at a job, as a runner sees it.
struct Attempt {
    JobId job;
    Token token;
    int number = 1;     ///< counts every attempt of this job, from 1
    int max_tries = 0;  ///< 0 = unlimited
    std::string type;
    std::string name;
    std::string group;
    std::string args;  ///< a JSON object
    std::string node;  ///< name of this host
    Instant enqueued_at;
    std::optional<Instant> deadline;
};

enum class Stream : int { Out = 1, Err = 2 };

/// Why an attempt is asked to stop. The numbers are those of the plugin border.
enum class CancelReason : int { None = 0, User = 1, Deadline = 2, Drain = 3, LeaseLost = 4 };

/// Where an attempt says what happens to it. Exactly one `complete` per started attempt; what comes
/// after it is dropped. Outlives every runner. [any thread], never blocks
class Sink {
public:
    virtual ~Sink() = default;
    virtual void complete(Token token, Outcome outcome) = 0;
    virtual void output(Token token, Stream stream, std::span<const std::byte> bytes) = 0;
    /// `permyriad` is 0 to 10,000, or nothing when unknown.
    virtual void progress(Token token, std::optional<int> permyriad, std::string_view note) = 0;

    /// Has this attempt been asked to stop? A runner asks once, as soon as its `cancel` can find
    /// the attempt, so that a request made while `start` was on its way is not lost.
    [[nodiscard]] virtual CancelReason cancel_reason(Token token) const = 0;
};

/// Something that can run attempts of one job type, wherever it lives.
class Runner {
public:
    virtual ~Runner() = default;

    [[nodiscard]] virtual const TypeInfo& type() const = 0;

    /// What the plugin has against the arguments, or how it broke over them; nothing when they will
    /// do. Pure and quick. Never throws. [worker]
    [[nodiscard]] virtual std::optional<Failure> validate(const Attempt& attempt) = 0;

    /// Begins the attempt; its end is one `sink.complete`. A blocking runner returns after it, any
    /// other returns at once. Never throws. [worker]
    virtual void start(Attempt attempt, Sink& sink) = 0;

    /// Asks the attempt to stop; harmless when it is over or was never started. The first reason
    /// stays. Never blocks on the attempt. [any thread]
    virtual void cancel(Token token, CancelReason reason) = 0;
};

/// The runners that are there now, by job type. [any thread]
class RunnerSource {
public:
    /// Shared, since whoever reads it may still do so when the source has a new one.
    using Types = std::shared_ptr<const std::vector<TypeInfo>>;

    virtual ~RunnerSource() = default;
    /// Null when this node has no such type. The runner stays usable while the pointer is held.
    [[nodiscard]] virtual std::shared_ptr<Runner> find(std::string_view type) const = 0;
    /// An immutable snapshot, which costs nothing to ask for.
    [[nodiscard]] virtual Types types() const = 0;
};

}  // namespace jobhost::core
