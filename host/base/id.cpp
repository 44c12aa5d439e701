#include "base/id.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <sys/random.h>
#include <vector>

#include "base/assert.hpp"
#include "base/hex.hpp"

namespace jobhost::base {

// Layout of a UUIDv7: 48 bits of milliseconds, version, 12 bits, variant, 62 bits. The 12 bits and
// the 14 that follow the variant are one counter, which starts at random within each millisecond
// and grows by one with each id; the last 48 bits are random. (RFC 9562, 6.2, method 1.)

namespace {

constexpr std::uint64_t kInstantBits = (std::uint64_t{1} << 48U) - 1;
constexpr std::uint32_t kCounterEnd = 1U << 26U;
/// The counter starts in its lower half, so that at least 2^25 ids fit into each millisecond.
constexpr std::uint32_t kCounterStart = kCounterEnd / 2;
/// A clock that is set back by less goes on with the old instant; beyond it the new one is
/// believed.
constexpr std::uint64_t kSmallStepBack = 60'000;

void fill_random(std::span<std::uint8_t> bytes) {
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const auto got = ::getrandom(bytes.data() + filled, bytes.size() - filled, 0);
        JOBHOST_ASSERT(got > 0 || (got < 0 && errno == EINTR));
        if (got > 0) {
            filled += static_cast<std::size_t>(got);
        }
    }
}

/// Where the ids of this process stand.
class Sequence {
public:
    struct Place {
        std::uint64_t instant = 0;
        std::uint32_t counter = 0;
    };

    Place next(std::uint64_t instant, std::uint32_t random) {
        const std::scoped_lock lock(mutex_);
        const bool same = instant <= last_.instant && last_.instant - instant <= kSmallStepBack;
        if (!same) {
            last_ = {instant, random % kCounterStart};
        } else if (++last_.counter == kCounterEnd) {
            last_ = {last_.instant + 1, random % kCounterStart};
        }
        return last_;
    }

private:
    std::mutex mutex_;
    Place last_;
};

/// The one sequence: the order of ids is a promise of the whole process.
Sequence& process_sequence() {
    static Sequence sequence;
    return sequence;
}

std::uint8_t octet(std::uint64_t value, unsigned shift) {
    return static_cast<std::uint8_t>(value >> shift);
}

int hex_value(char letter) {
    if (letter >= '0' && letter <= '9') {
        return letter - '0';
    }
    if (letter >= 'a' && letter <= 'f') {
        return letter - 'a' + 10;
    }
    if (letter >= 'A' && letter <= 'F') {
        return letter - 'A' + 10;
    }
    return -1;
}

bool is_dash_place(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

}  // namespace

std::string Uuid::text() const {
    std::string text = to_hex(bytes);
    for (const std::size_t at : {8U, 13U, 18U, 23U}) {
        text.insert(at, 1, '-');
    }
    return text;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) {
        return std::nullopt;
    }
    Uuid uuid;
    std::size_t digits = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is_dash_place(at)) {
            if (text[at] != '-') {
                return std::nullopt;
            }
            continue;
        }
        const int value = hex_value(text[at]);
        if (value < 0) {
            return std::nullopt;
        }
        auto& byte = uuid.bytes[digits / 2];
        byte = static_cast<std::uint8_t>(static_cast<unsigned>(byte) << 4U |
                                         static_cast<unsigned>(value));
        ++digits;
    }
    return uuid;
}

Uuid new_uuid(Instant now) {
    std::array<std::uint8_t, 10> random{};
    fill_random(random);
    const auto since_epoch = std::max<std::int64_t>(0, now.time_since_epoch().count());
    const auto instant = std::min(static_cast<std::uint64_t>(since_epoch), kInstantBits);
    const std::uint32_t seed = static_cast<std::uint32_t>(random[0]) << 24U |
                               static_cast<std::uint32_t>(random[1]) << 16U |
                               static_cast<std::uint32_t>(random[2]) << 8U | random[3];
    const auto place = process_sequence().next(instant, seed);

    Uuid uuid;
    for (std::size_t at = 0; at < 6; ++at) {
        uuid.bytes[at] = octet(place.instant, static_cast<unsigned>(40 - 8 * at));
    }
    uuid.bytes[6] = static_cast<std::uint8_t>(0x70U | (place.counter >> 22U));
    uuid.bytes[7] = octet(place.counter, 14);
    uuid.bytes[8] = static_cast<std::uint8_t>(0x80U | ((place.counter >> 8U) & 0x3fU));
    uuid.bytes[9] = octet(place.counter, 0);
    std::copy(random.begin() + 4, random.end(), uuid.bytes.begin() + 10);
    return uuid;
}

std::string random_hex(std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    fill_random(bytes);
    return to_hex(bytes);
}

}  // namespace jobhost::base
