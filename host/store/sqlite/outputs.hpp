#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "store/job_store.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/keys.hpp"

namespace jobhost::store::sqlite {

/// Chunks as they are kept: for each the stream (1 byte), the length (4 bytes, little endian) and
/// the bytes.
[[nodiscard]] std::string pack(const std::vector<OutputChunk>& chunks);
/// What a damaged end has lost is left out.
[[nodiscard]] std::vector<OutputChunk> unpack(std::string_view packed);

/// Keeps the output of an attempt in place of what was kept before. The beginning is left alone
/// when as many bytes of it are there already: it only grows. Says how many there are now.
std::size_t keep_output(Connection& connection,
                        JobKey job,
                        core::Token token,
                        const Output& output,
                        std::size_t head_bytes);

[[nodiscard]] Output read_output(Connection& connection, JobKey job, core::Token token);

}  // namespace jobhost::store::sqlite
