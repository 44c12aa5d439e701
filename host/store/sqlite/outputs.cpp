#include "store/sqlite/outputs.hpp"

#include <cstdint>
#include <span>

#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

constexpr std::size_t kChunkHead = 5;

enum class Part : int { Head = 0, Tail = 1 };

void append_length(std::string& packed, std::size_t length) {
    for (int shift = 0; shift < 32; shift += 8) {
        packed.push_back(static_cast<char>((length >> shift) & 0xff));
    }
}

std::size_t read_length(std::string_view bytes) {
    std::size_t length = 0;
    for (int i = 3; i >= 0; --i) {
        length = length << 8 | static_cast<std::uint8_t>(bytes[static_cast<std::size_t>(i)]);
    }
    return length;
}

void keep_part(Connection& connection,
               JobKey job,
               core::Token token,
               Part part,
               std::uint64_t dropped,
               const std::string& packed) {
    connection.run(kKeepOutput, job, token, part, static_cast<std::int64_t>(dropped),
                   Blob{std::as_bytes(std::span(packed))});
}

}  // namespace

std::string pack(const std::vector<OutputChunk>& chunks) {
    std::string packed;
    for (const OutputChunk& chunk : chunks) {
        packed.push_back(static_cast<char>(chunk.stream));
        append_length(packed, chunk.bytes.size());
        packed += chunk.bytes;
    }
    return packed;
}

std::vector<OutputChunk> unpack(std::string_view packed) {
    std::vector<OutputChunk> chunks;
    while (packed.size() >= kChunkHead) {
        const auto stream = static_cast<core::Stream>(packed[0]);
        const std::size_t length = read_length(packed.substr(1));
        packed.remove_prefix(kChunkHead);
        if (length > packed.size()) {
            break;
        }
        chunks.push_back({stream, std::string(packed.substr(0, length))});
        packed.remove_prefix(length);
    }
    return chunks;
}

std::size_t keep_output(Connection& connection,
                        JobKey job,
                        core::Token token,
                        const Output& output,
                        std::size_t head_bytes) {
    const std::string head = pack(output.head);
    if (head.size() != head_bytes) {
        keep_part(connection, job, token, Part::Head, 0, head);
    }
    if (!output.tail.empty() || output.dropped_bytes > 0) {
        keep_part(connection, job, token, Part::Tail, output.dropped_bytes, pack(output.tail));
    }
    return head.size();
}

Output read_output(Connection& connection, JobKey job, core::Token token) {
    Output output;
    auto rows = connection.query(kOutput, job, token);
    while (rows.next()) {
        auto chunks = unpack(rows.column<std::string>(2));
        if (rows.column<Part>(0) == Part::Head) {
            output.head = std::move(chunks);
        } else {
            output.dropped_bytes = rows.column<std::uint64_t>(1);
            output.tail = std::move(chunks);
        }
    }
    return output;
}

}  // namespace jobhost::store::sqlite
