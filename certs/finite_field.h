// SPDX-License-Identifier: GPL-2.0-or-later
// Arithmetic for Diffie-Hellman over any modulus, weak and wrong ones too. Numbers are big-endian octets.
#pragma once

#include "certs/bytes.h"

namespace alert40 {

/// base^exponent mod modulus, without leading zeros (RFC 5246 section 8.1.2). The modulus is odd and has at most 4096
/// bits. Throws std::runtime_error.
Bytes modular_power(ByteView base, ByteView exponent, ByteView modulus);

/// A random prime of exactly `bits` (16 to 2048) with its highest two bits set. 1024 bits take some 0.1 s.
Bytes random_prime(unsigned bits);

Bytes product(ByteView left, ByteView right);

} // namespace alert40
