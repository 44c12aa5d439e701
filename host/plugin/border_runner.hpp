#pragma once

#include <memory>
#include <optional>

#include <jobhost/plugin.h>

#include "core/runner.hpp"
#include "plugin/border.hpp"

namespace jobhost::plugin {

/// Carries attempts of one type over the border into a plugin that is mapped into this process.
class BorderRunner final : public core::Runner {
public:
    /// `runner` is the plugin's, judged, and belongs to `type`; `self` is what its init made.
    /// `border` must outlive this.
    BorderRunner(core::TypeInfo type, const jh_runner& runner, void* self, Border& border);

    [[nodiscard]] const core::TypeInfo& type() const override { return type_; }
    [[nodiscard]] std::optional<core::Failure> validate(const core::Attempt& attempt) override;
    void start(core::Attempt attempt, core::Sink& sink) override;
    void cancel(core::Token token, core::CancelReason reason) override;

private:
    [[nodiscard]] std::optional<core::Failure> judgement(jh_rc returned, Call& call);
    void run_to_end(const std::shared_ptr<Call>& call, jh_ctx ctx, const jh_run_info& info);
    void start_off(const std::shared_ptr<Call>& call, jh_ctx ctx, const jh_run_info& info);

    const core::TypeInfo type_;
    const jh_runner& runner_;
    void* const self_;
    Border& border_;
};

}  // namespace jobhost::plugin
