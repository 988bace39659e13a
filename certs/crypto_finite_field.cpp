// SPDX-License-Identifier: GPL-2.0-or-later
#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/integer.h>

#include "certs/crypto_native.h"
#include "certs/finite_field.h"

namespace alert40 {

namespace {

using native::check;
using native::length;
using native::octets;

struct Number {
    Number() { check(mp_init(&native), "initialising", "a number"); }
    explicit Number(ByteView bytes) : Number()
    {
        check(mp_read_unsigned_bin(&native, octets(bytes), length(bytes)), "reading", "a number");
    }
    ~Number() { mp_forcezero(&native); }
    Number(const Number&) = delete;
    Number& operator=(const Number&) = delete;

    Bytes bytes()
    {
        Bytes written(static_cast<std::size_t>(mp_unsigned_bin_size(&native)));
        if (!written.empty()) check(mp_to_unsigned_bin(&native, written.data()), "writing", "a number");
        return written;
    }
    mp_int native{};
};

} // namespace

Bytes modular_power(ByteView base, ByteView exponent, ByteView modulus)
{
    Number b(base);
    Number e(exponent);
    Number m(modulus);
    Number result;
    check(mp_exptmod(&b.native, &e.native, &m.native, &result.native), "raising to a power", "a number");
    return result.bytes();
}

Bytes product(ByteView left, ByteView right)
{
    Number l(left);
    Number r(right);
    Number result;
    check(mp_mul(&l.native, &r.native, &result.native), "multiplying", "numbers");
    return result.bytes();
}

Bytes random_prime(unsigned bits)
{
    constexpr int kRounds = 16; // Miller-Rabin, for an error below 2^-32 whatever the candidate
    const std::size_t size = (bits + 7) / 8;
    const unsigned spare = static_cast<unsigned>(size * 8 - bits);
    for (;;) {
        Bytes candidate = random_bytes(size);
        candidate[0] = static_cast<std::uint8_t>(candidate[0] & (0xFF >> spare));
        const unsigned top = 7 - spare; // of the first octet
        candidate[0] = static_cast<std::uint8_t>(candidate[0] | (1U << top));
        auto& next = top == 0 ? candidate[1] : candidate[0];
        next = static_cast<std::uint8_t>(next | (1U << (top == 0 ? 7 : top - 1)));
        candidate.back() |= 1;
        Number number(candidate);
        int prime = MP_NO;
        check(mp_prime_is_prime_ex(&number.native, kRounds, &prime, &native::generator()), "testing", "a prime");
        if (prime == MP_YES) return candidate;
    }
}

} // namespace alert40
