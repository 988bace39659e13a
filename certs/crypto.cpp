// SPDX-License-Identifier: GPL-2.0-or-later
#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/hmac.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/wc_port.h>

#include "certs/crypto_native.h"

#include <limits>
#include <stdexcept>

namespace alert40 {

namespace native {

int hash_type(HashAlgorithm algorithm)
{
    switch (algorithm) {
    case HashAlgorithm::md5:
        return WC_HASH_TYPE_MD5;
    case HashAlgorithm::sha1:
        return WC_HASH_TYPE_SHA;
    case HashAlgorithm::sha256:
        return WC_HASH_TYPE_SHA256;
    case HashAlgorithm::sha384:
        return WC_HASH_TYPE_SHA384;
    case HashAlgorithm::sha512:
        return WC_HASH_TYPE_SHA512;
    }
    throw std::invalid_argument("not a HashAlgorithm");
}

WC_RNG& generator()
{
    struct Generator {
        Generator()
        {
            static const int ready = wolfCrypt_Init(); // once per process; wolfCrypt's own counter is not atomic
            check(ready, "initialising", "wolfCrypt");
            check(wc_InitRng(&rng), "seeding", "the random generator");
        }
        ~Generator()
        {
            wc_FreeRng(&rng);
            wc_ecc_fp_free(); // the thread's cache of curve points would leak with it
        }
        Generator(const Generator&) = delete;
        Generator& operator=(const Generator&) = delete;
        WC_RNG rng{};
    };
    thread_local Generator generator;
    return generator.rng;
}

int check(int result, std::string_view operation, std::string_view object)
{
    if (result >= 0) return result;
    throw std::runtime_error(std::string(operation) + " (" + std::string(object) + "): " + wc_GetErrorString(result));
}

const std::uint8_t* octets(ByteView bytes)
{
    static constexpr std::uint8_t kNothing = 0;
    return bytes.empty() ? &kNothing : bytes.data();
}

std::uint32_t length(ByteView bytes)
{
    if (bytes.size() > std::numeric_limits<std::int32_t>::max()) throw std::length_error("more than 2 GiB at once");
    return static_cast<std::uint32_t>(bytes.size());
}

} // namespace native

using native::check;
using native::length;
using native::octets;

Bytes hash(HashAlgorithm algorithm, ByteView data)
{
    const auto type = static_cast<wc_HashType>(native::hash_type(algorithm));
    Bytes digest(static_cast<std::size_t>(check(wc_HashGetDigestSize(type), "hashing", "digest size")));
    check(wc_Hash(type, octets(data), length(data), digest.data(), length(digest)), "hashing", "message");
    return digest;
}

Bytes hmac(HashAlgorithm algorithm, ByteView key, ByteView data)
{
    struct Context {
        Context() { check(wc_HmacInit(&native, nullptr, INVALID_DEVID), "HMAC", "context"); }
        ~Context() { wc_HmacFree(&native); }
        Context(const Context&) = delete;
        Context& operator=(const Context&) = delete;
        Hmac native{};
    } context;
    const int type = native::hash_type(algorithm);
    Bytes code(static_cast<std::size_t>(check(wc_HmacSizeByType(type), "HMAC", "digest size")));
    check(wc_HmacSetKey(&context.native, type, octets(key), length(key)), "HMAC", "key");
    check(wc_HmacUpdate(&context.native, octets(data), length(data)), "HMAC", "message");
    check(wc_HmacFinal(&context.native, code.data()), "HMAC", "result");
    return code;
}

Bytes hkdf_expand_label(HashAlgorithm algorithm, ByteView secret, std::string_view label, ByteView context,
                        std::size_t output_length)
{
    // RFC 8446, section 7.1: struct { uint16 length; opaque label<7..255> = "tls13 " + Label; opaque context<0..255>; }
    const Bytes full_label = to_bytes("tls13 " + std::string(label));
    if (output_length > 0xffff || full_label.size() > 255 || context.size() > 255)
        throw std::runtime_error("HKDF-Expand-Label (" + std::string(label) + "): does not fit an HkdfLabel");
    Bytes info{static_cast<std::uint8_t>(output_length >> 8), static_cast<std::uint8_t>(output_length & 0xff)};
    info.push_back(static_cast<std::uint8_t>(full_label.size()));
    append(info, full_label);
    info.push_back(static_cast<std::uint8_t>(context.size()));
    append(info, context);

    Bytes output(output_length);
    if (output.empty()) return output;
    check(wc_HKDF_Expand(native::hash_type(algorithm), octets(secret), length(secret), info.data(), length(info),
                         output.data(), length(output)),
          "HKDF-Expand-Label", label);
    return output;
}

Bytes random_bytes(std::size_t count)
{
    Bytes bytes(count);
    if (bytes.empty()) return bytes;
    check(wc_RNG_GenerateBlock(&native::generator(), bytes.data(), length(bytes)), "generating", "random octets");
    return bytes;
}

} // namespace alert40
