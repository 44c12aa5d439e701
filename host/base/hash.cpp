#include "base/hash.hpp"

#include <array>

#include <openssl/evp.h>

#include "base/assert.hpp"
#include "base/hex.hpp"

namespace jobhost::base {

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    JOBHOST_ASSERT(state_->context != nullptr);
    const int started = EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr);
    JOBHOST_ASSERT(started == 1);
}

Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes) {
    JOBHOST_ASSERT(state_ != nullptr);
    const int added = EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
    JOBHOST_ASSERT(added == 1);
}

std::string Sha256::finish() {
    JOBHOST_ASSERT(state_ != nullptr);
    std::array<std::uint8_t, 32> digest{};
    unsigned int length = 0;
    const int finished = EVP_DigestFinal_ex(state_->context, digest.data(), &length);
    JOBHOST_ASSERT(finished == 1 && length == digest.size());
    state_.reset();
    return to_hex(digest);
}

std::string sha256_hex(std::string_view text) {
    Sha256 hash;
    hash.add(std::as_bytes(std::span(text)));
    return hash.finish();
}

}  // namespace jobhost::base
