#include <limits>
#include <utility>

#include "http/jobs_api.hpp"
#include "http/object_text.hpp"
#include "http/response.hpp"
#include "http/wire.hpp"

namespace jobhost::http {

namespace {

using base::Result;
using store::OutputChunk;

/// Joins neighbours of one stream, so that a character that fell on the border of two chunks is
/// whole again; leaves out the other stream when only one is wanted.
std::vector<OutputChunk> join(const std::vector<OutputChunk>& chunks,
                              std::optional<core::Stream> wanted) {
    std::vector<OutputChunk> joined;
    for (const auto& chunk : chunks) {
        if (wanted && chunk.stream != *wanted) {
            continue;
        }
        if (!joined.empty() && joined.back().stream == chunk.stream) {
            joined.back().bytes += chunk.bytes;
        } else {
            joined.push_back(chunk);
        }
    }
    return joined;
}

base::JsonArray chunks_json(const std::vector<OutputChunk>& chunks) {
    base::JsonArray list;
    for (const auto& chunk : chunks) {
        list.push_back(base::JsonObject{{"stream", stream_name(chunk.stream)},
                                        {"text", base::to_utf8(chunk.bytes)}});
    }
    return list;
}

Response as_json(const store::AttemptOutput& found, std::optional<core::Stream> wanted) {
    const base::JsonObject body{{"attempt", found.number},
                                {"is_running", found.running},
                                {"head", chunks_json(join(found.output.head, wanted))},
                                {"dropped_bytes", found.output.dropped_bytes},
                                {"tail", chunks_json(join(found.output.tail, wanted))}};
    return {.body = base::to_text(body)};
}

Response as_bytes(const store::AttemptOutput& found, std::optional<core::Stream> wanted) {
    const auto dropped = std::to_string(found.output.dropped_bytes);
    Response response{.type = "text/plain; charset=utf-8"};
    for (const auto& chunk : join(found.output.head, wanted)) {
        response.body += chunk.bytes;
    }
    if (found.output.dropped_bytes > 0) {
        response.body += "\n[jobhost: " + dropped + " bytes were not kept]\n";
    }
    for (const auto& chunk : join(found.output.tail, wanted)) {
        response.body += chunk.bytes;
    }
    response.fields = {{"Jobhost-Attempt", std::to_string(found.number)},
                       {"Jobhost-Dropped-Bytes", dropped}};
    return response;
}

Result<std::optional<core::Stream>> read_stream(const Query& query) {
    const auto text = query.text("stream");
    if (!query.has("stream")) {
        return std::optional<core::Stream>();
    }
    for (const auto stream : {core::Stream::Out, core::Stream::Err}) {
        if (text == stream_name(stream)) {
            return std::optional(stream);
        }
    }
    return bad_query("stream", "must be stdout or stderr");
}

/// The query decides, and the Accept field when it does not.
Result<bool> wants_bytes(const Call& call) {
    if (!call.query.has("format")) {
        return accepts_rather(call.request.head, "text/plain", "application/json");
    }
    const auto format = call.query.text("format");
    if (format != "raw" && format != "json") {
        return bad_query("format", "must be json or raw");
    }
    return format == "raw";
}

}  // namespace

Answer list_attempts(const Call& call) {
    const auto after = call.query.number("after", 0, 0, std::numeric_limits<int>::max());
    const auto limit = call.query.number("limit", kUsualPage, 1, kLongestPage);
    if (!after || !limit) {
        return after ? limit.error() : after.error();
    }
    const auto job = find_job(call);
    if (!job) {
        return job.error();
    }
    const auto rows =
        call.services.jobs.attempts(job->id, static_cast<int>(*after), static_cast<int>(*limit));
    if (!rows) {
        return rows.error();
    }
    ArrayText items;
    for (const auto& row : *rows) {
        items.add_text(attempt_text(row));
    }
    const bool full = std::ssize(*rows) == *limit;
    ObjectText text;
    text.add_text("items", std::move(items).finish())
        .add("next_after", full ? base::Json(rows->back().number) : base::Json(nullptr));
    return Response{.body = std::move(text).finish()};
}

Answer show_output(const Call& call) {
    const auto number = call.query.number("attempt", 0, 1, std::numeric_limits<int>::max());
    const auto stream = read_stream(call.query);
    const auto bytes = wants_bytes(call);
    if (!number || !stream || !bytes) {
        return !number ? number.error() : !stream ? stream.error() : bytes.error();
    }
    const auto job = find_job(call);
    if (!job) {
        return job.error();
    }
    const auto found = call.services.jobs.output(job->id, static_cast<int>(*number));
    if (!found) {
        const bool none = found.error().kind == base::ErrorKind::NotFound;
        return none ? base::Error{base::ErrorKind::NotFound, "no_attempt",
                                  *number > 0
                                      ? "The job has no attempt " + std::to_string(*number) + "."
                                      : "The job has not been attempted yet."}
                    : found.error();
    }
    return *bytes ? as_bytes(*found, *stream) : as_json(*found, *stream);
}

}  // namespace jobhost::http
