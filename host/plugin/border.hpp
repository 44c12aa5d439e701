#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include <jobhost/plugin.h>

#include "base/guarded.hpp"
#include "plugin/call.hpp"
#include "plugin/cancel_delivery.hpp"
#include "plugin/conduct.hpp"
#include "plugin/contexts.hpp"

namespace jobhost::plugin {

/// The host's side of the border to one plugin: its table, its contexts, its running attempts.
/// Lives as long as the plugin may call. [any thread]
class Border {
public:
    /// `number` tells the plugins of one process apart, so that a context of one is never valid for
    /// another. `conduct` must outlive this.
    Border(std::string host_version, std::uint32_t number, Conduct& conduct);
    Border(const Border&) = delete;
    Border& operator=(const Border&) = delete;

    [[nodiscard]] const jh_host* table() const { return &table_; }
    [[nodiscard]] Contexts& contexts() { return contexts_; }
    [[nodiscard]] Conduct& conduct() { return conduct_; }

    /// Takes in an attempt that begins; its context.
    [[nodiscard]] jh_ctx begin(const std::shared_ptr<Call>& call);

    /// Ends an attempt with what the plugin returned, and tells the sink. False when it has ended
    /// already: nothing happens then. Waits for a cancel callback that is running elsewhere.
    bool finish(jh_ctx ctx, Call& call, jh_rc returned);
    /// The same, with an outcome of the host's own.
    bool finish(jh_ctx ctx, Call& call, core::Outcome outcome);

    /// Asks a running attempt to stop; nothing happens when there is none. Its cancel callback runs
    /// on another thread.
    void cancel(core::Token token, core::CancelReason reason);

    /// Attempts that have not ended.
    [[nodiscard]] std::size_t attempts() const;

private:
    struct Running {
        std::shared_ptr<Call> call;  ///< shared with the slot of its context
        jh_ctx ctx = 0;
    };

    [[nodiscard]] std::optional<Running> find(core::Token token) const;

    /// Closes the context; false when that has been done.
    bool end(jh_ctx ctx, AttemptState& attempt);

    std::string host_version_;
    Conduct& conduct_;
    Contexts contexts_;
    base::Guarded<std::unordered_map<core::Token, Running>> running_;
    jh_host table_;
    CancelDelivery delivery_;
};

}  // namespace jobhost::plugin
