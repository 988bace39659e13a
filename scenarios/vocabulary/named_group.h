// SPDX-License-Identifier: GPL-2.0-or-later
// Key exchange groups (IANA "TLS Supported Groups"; RFC 8446 section 4.2.7, RFC 8422, RFC 7919).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

enum class NamedGroup : std::uint16_t {
    sect163k1 = 1,
    sect163r1 = 2,
    sect163r2 = 3,
    sect193r1 = 4,
    sect193r2 = 5,
    sect233k1 = 6,
    sect233r1 = 7,
    sect239k1 = 8,
    sect283k1 = 9,
    sect283r1 = 10,
    sect409k1 = 11,
    sect409r1 = 12,
    sect571k1 = 13,
    sect571r1 = 14,
    secp160k1 = 15,
    secp160r1 = 16,
    secp160r2 = 17,
    secp192k1 = 18,
    secp192r1 = 19,
    secp224k1 = 20,
    secp224r1 = 21,
    secp256k1 = 22,
    secp256r1 = 23,
    secp384r1 = 24,
    secp521r1 = 25,
    brainpoolP256r1 = 26,
    brainpoolP384r1 = 27,
    brainpoolP512r1 = 28,
    x25519 = 29,
    x448 = 30,
    brainpoolP256r1tls13 = 31,
    brainpoolP384r1tls13 = 32,
    brainpoolP512r1tls13 = 33,
    GC256A = 34,
    GC256B = 35,
    GC256C = 36,
    GC256D = 37,
    GC512A = 38,
    GC512B = 39,
    GC512C = 40,
    curveSM2 = 41,
    ffdhe2048 = 0x0100,
    ffdhe3072 = 0x0101,
    ffdhe4096 = 0x0102,
    ffdhe6144 = 0x0103,
    ffdhe8192 = 0x0104,
    MLKEM512 = 0x0200,
    MLKEM768 = 0x0201,
    MLKEM1024 = 0x0202,
    SecP256r1MLKEM768 = 0x11EB,
    X25519MLKEM768 = 0x11EC,
    SecP384r1MLKEM1024 = 0x11ED,
    curveSM2MLKEM768 = 0x11EE,
    X25519Kyber768Draft00 = 0x6399,
    SecP256r1Kyber768Draft00 = 0x639A,
    arbitrary_explicit_prime_curves = 0xFF01,
    arbitrary_explicit_char2_curves = 0xFF02,
};

/// "secp256r1", or "0xABCD".
std::string name(NamedGroup group);

/// IANA's name in any case, or an alias: P-256, prime256v1 (also P-384, P-521, secp...'s ANSI names).
std::optional<NamedGroup> find_named_group(std::string_view name);
std::vector<std::string> all_named_group_names();

/// A curve alone, X25519 and X448 included; a hybrid with ML-KEM is not one.
bool is_elliptic_curve(NamedGroup group);
bool is_ffdhe(NamedGroup group);

/// ML-KEM, alone or beside a curve: a key share of over a kilobyte.
bool is_post_quantum(NamedGroup group);

} // namespace alert40
