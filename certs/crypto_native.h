// SPDX-License-Identifier: GPL-2.0-or-later
// What the crypto*.cpp files share, and nobody else includes: the thread's generator, result checks, argument shapes.
// wolfCrypt's headers stay out of it on purpose, so that they stay in crypto*.cpp.
#pragma once

#include "certs/crypto.h"

struct WC_RNG;

namespace alert40::native {

/// wolfCrypt's code for `algorithm`: a wc_HashType, which is also its HMAC type.
int hash_type(HashAlgorithm algorithm);

/// The calling thread's generator, seeded at first use, valid until the thread ends.
WC_RNG& generator();

/// Returns `result`, or throws std::runtime_error "<operation> (<object>): <wolfCrypt's reason>" where it is negative.
int check(int result, std::string_view operation, std::string_view object);

/// wolfCrypt refuses null pointers even where the length is 0.
const std::uint8_t* octets(ByteView bytes);
/// Throws std::length_error beyond 32 bits.
std::uint32_t length(ByteView bytes);

/// DigestInfo of RFC 8017, section 9.2, with the digest of `message`.
Bytes digest_info(HashAlgorithm algorithm, ByteView message);

/// Owns one of wolfCrypt's key structures, which are initialised and freed in place and never move.
template <class Native, auto initialise, auto release> struct Handle {
    Handle() { check(initialise(&native), "initialising", "a key"); }
    ~Handle() { release(&native); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    Native native{};
};

} // namespace alert40::native
