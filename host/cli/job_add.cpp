#include <array>
#include <optional>

#include "base/clock.hpp"
#include "base/quote.hpp"
#include "cli/job_arguments.hpp"
#include "cli/job_verbs.hpp"
#include "cli/job_wait.hpp"
#include "cli/json_view.hpp"
#include "cli/text_table.hpp"
#include "core/parameters.hpp"

namespace jobhost::cli {

namespace {

/// Of a create request; another success means that a job with the unique key was there before.
constexpr int kCreated = 201;

/// What the host says of the type. Nothing when it has none of that name: creating the job will
/// then be refused with the nearest name.
base::Result<std::optional<core::TypeInfo>> ask_type(ApiClient& client, const std::string& type) {
    const auto answer = client.get("/api/v1/types/" + escaped_path(type));
    if (!answer) {
        const bool unknown = answer.error().kind == base::ErrorKind::NotFound;
        return unknown ? base::Result<std::optional<core::TypeInfo>>(std::nullopt) : answer.error();
    }
    auto info = core::type_from_json(answer->value);
    return info ? std::optional(std::move(*info)) : std::nullopt;
}

base::Result<std::string> read_arguments(const Arguments& arguments, ApiClient& client) {
    const auto whole = whole_arguments(arguments);
    if (!whole) {
        return whole.error();
    }
    const auto words = arguments.texts("NAME=VALUE");
    std::optional<core::TypeInfo> type;
    if (!words.empty()) {
        auto asked = ask_type(client, *arguments.text("TYPE"));
        if (!asked) {
            return std::move(asked).error();
        }
        type = std::move(*asked);
    }
    return job_arguments(whole->value_or(""), words, type ? &*type : nullptr);
}

/// Who types this; empty when the system does not say.
std::string user_of(const Session& session) {
    const auto found = session.environment().find("USER");
    return found == session.environment().end() ? std::string() : found->second;
}

base::Result<Answer> create(const Arguments& arguments, const Session& session, ApiClient& client) {
    if (arguments.flag("--in") && arguments.flag("--begin-time")) {
        return wrong_use("--in and --begin-time say the same thing; give one of them");
    }
    if (arguments.flag("--wait-timeout") && !arguments.flag("--wait")) {
        return wrong_use("--wait-timeout needs --wait");
    }
    const auto args = read_arguments(arguments, client);
    if (!args) {
        return args.error();
    }
    const auto* target = arguments.flag("--allow-unknown-type")
                             ? "/api/v1/jobs?allow_unknown_type=true"
                             : "/api/v1/jobs";
    return client.post(target, create_body(*arguments.text("TYPE"), *args, arguments,
                                           user_of(session), base::SystemClock().now()));
}

ExitCode wait_for_created(const Arguments& arguments,
                          Session& session,
                          ApiClient& client,
                          const std::string& id) {
    auto& console = session.console();
    const Interrupts interrupts;
    client.interrupt_by(interrupts.descriptor());
    const auto waited =
        wait_for_end(client, interrupts, id, deadline_after(arguments.duration("--wait-timeout")));
    if (!waited) {
        const bool left = exit_code_of(waited.error()) == ExitCode::Interrupted;
        return console.fail(left ? interrupted("interrupted; the job " + id + " goes on")
                                 : waited.error());
    }
    if (console.format() == Format::Json) {
        console.print_line(waited->job.text);
    } else {
        console.note(visible(describe_end(*waited)));
        if (const auto why = describe_hindrance(client, *waited); !why.empty()) {
            console.note(visible(why));
        }
    }
    return exit_code_of(*waited);
}

}  // namespace

ExitCode add_job(const Arguments& arguments, Session& session) {
    auto& console = session.console();
    auto client = session.client(arguments);
    if (!client) {
        return console.fail(client.error());
    }
    const auto created = create(arguments, session, *client);
    if (!created) {
        return console.fail(created.error());
    }
    const auto id = text_at(created->value, "id");
    if (created->status != kCreated) {
        console.note(id + " is there already; nothing was added");
    }
    const bool wait = arguments.flag("--wait");
    if (console.format() == Format::Table) {
        console.print_line(id);
    } else if (!wait) {
        console.print_line(created->text);
    }
    return wait ? wait_for_created(arguments, session, *client, id) : ExitCode::Done;
}

}  // namespace jobhost::cli
