// SPDX-License-Identifier: GPL-2.0-or-later
#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/curve25519.h>
#include <wolfssl/wolfcrypt/curve448.h>
#include <wolfssl/wolfcrypt/ecc.h>

#include "certs/crypto_native.h"

#include <stdexcept>

namespace alert40 {

namespace {

using native::check;
using native::generator;
using native::Handle;
using native::length;

Bytes ec_point(int curve, std::string_view group)
{
    const int field_size = check(wc_ecc_get_curve_size_from_id(curve), "generating a key", group);
    Handle<ecc_key, wc_ecc_init, wc_ecc_free> key;
    check(wc_ecc_make_key_ex(&generator(), field_size, &key.native, curve), "generating a key", group);
    Bytes point(MAX_ECC_BYTES * 2 + 1);
    std::uint32_t size = length(point);
    check(wc_ecc_export_x963(&key.native, point.data(), &size), "writing a public value", group);
    point.resize(size);
    return point;
}

Bytes x25519_value()
{
    Handle<curve25519_key, wc_curve25519_init, wc_curve25519_free> key;
    check(wc_curve25519_make_key(&generator(), CURVE25519_KEYSIZE, &key.native), "generating a key", "x25519");
    Bytes value(CURVE25519_KEYSIZE);
    std::uint32_t size = length(value);
    check(wc_curve25519_export_public_ex(&key.native, value.data(), &size, EC25519_LITTLE_ENDIAN),
          "writing a public value", "x25519");
    return value;
}

Bytes x448_value()
{
    Handle<curve448_key, wc_curve448_init, wc_curve448_free> key;
    check(wc_curve448_make_key(&generator(), CURVE448_KEY_SIZE, &key.native), "generating a key", "x448");
    Bytes value(CURVE448_KEY_SIZE);
    std::uint32_t size = length(value);
    check(wc_curve448_export_public_ex(&key.native, value.data(), &size, EC448_LITTLE_ENDIAN), "writing a public value",
          "x448");
    return value;
}

std::optional<KeyAgreement> agree_on_curve(int curve, std::string_view group, ByteView peer)
{
    const int field_size = check(wc_ecc_get_curve_size_from_id(curve), "generating a key", group);
    Handle<ecc_key, wc_ecc_init, wc_ecc_free> ours;
    Handle<ecc_key, wc_ecc_init, wc_ecc_free> theirs;
    if (wc_ecc_import_x963_ex(peer.data(), length(peer), &theirs.native, curve) != 0) return std::nullopt;
    if (wc_ecc_check_key(&theirs.native) != 0) return std::nullopt;
    check(wc_ecc_make_key_ex(&generator(), field_size, &ours.native, curve), "generating a key", group);
    wc_ecc_set_rng(&ours.native, &generator());
    KeyAgreement result{Bytes(MAX_ECC_BYTES * 2 + 1), Bytes(MAX_ECC_BYTES)};
    std::uint32_t size = length(result.public_value);
    check(wc_ecc_export_x963(&ours.native, result.public_value.data(), &size), "writing a public value", group);
    result.public_value.resize(size);
    size = length(result.shared_secret);
    check(wc_ecc_shared_secret(&ours.native, &theirs.native, result.shared_secret.data(), &size), "agreeing on a secret",
          group);
    result.shared_secret.resize(size);
    return result;
}

std::optional<KeyAgreement> agree_on_x25519(ByteView peer)
{
    Handle<curve25519_key, wc_curve25519_init, wc_curve25519_free> ours;
    Handle<curve25519_key, wc_curve25519_init, wc_curve25519_free> theirs;
    if (wc_curve25519_import_public_ex(peer.data(), length(peer), &theirs.native, EC25519_LITTLE_ENDIAN) != 0)
        return std::nullopt;
    check(wc_curve25519_make_key(&generator(), CURVE25519_KEYSIZE, &ours.native), "generating a key", "x25519");
#ifdef WOLFSSL_CURVE25519_BLINDING
    wc_curve25519_set_rng(&ours.native, &generator());
#endif
    KeyAgreement result{Bytes(CURVE25519_KEYSIZE), Bytes(CURVE25519_KEYSIZE)};
    std::uint32_t size = length(result.public_value);
    check(wc_curve25519_export_public_ex(&ours.native, result.public_value.data(), &size, EC25519_LITTLE_ENDIAN),
          "writing a public value", "x25519");
    // A peer's point of small order agrees on nothing (RFC 7748, section 6.1).
    if (wc_curve25519_shared_secret_ex(&ours.native, &theirs.native, result.shared_secret.data(), &size,
                                       EC25519_LITTLE_ENDIAN) != 0)
        return std::nullopt;
    return result;
}

std::optional<KeyAgreement> agree_on_x448(ByteView peer)
{
    Handle<curve448_key, wc_curve448_init, wc_curve448_free> ours;
    Handle<curve448_key, wc_curve448_init, wc_curve448_free> theirs;
    if (wc_curve448_import_public_ex(peer.data(), length(peer), &theirs.native, EC448_LITTLE_ENDIAN) != 0)
        return std::nullopt;
    check(wc_curve448_make_key(&generator(), CURVE448_KEY_SIZE, &ours.native), "generating a key", "x448");
    KeyAgreement result{Bytes(CURVE448_KEY_SIZE), Bytes(CURVE448_KEY_SIZE)};
    std::uint32_t size = length(result.public_value);
    check(wc_curve448_export_public_ex(&ours.native, result.public_value.data(), &size, EC448_LITTLE_ENDIAN),
          "writing a public value", "x448");
    if (wc_curve448_shared_secret_ex(&ours.native, &theirs.native, result.shared_secret.data(), &size,
                                     EC448_LITTLE_ENDIAN) != 0)
        return std::nullopt;
    return result;
}

} // namespace

std::optional<KeyAgreement> agree(EcdhGroup group, ByteView peer_public_value)
{
    if (peer_public_value.empty()) return std::nullopt;
    switch (group) {
    case EcdhGroup::secp256r1:
        return agree_on_curve(ECC_SECP256R1, "secp256r1", peer_public_value);
    case EcdhGroup::secp384r1:
        return agree_on_curve(ECC_SECP384R1, "secp384r1", peer_public_value);
    case EcdhGroup::secp521r1:
        return agree_on_curve(ECC_SECP521R1, "secp521r1", peer_public_value);
    case EcdhGroup::x25519:
        return agree_on_x25519(peer_public_value);
    case EcdhGroup::x448:
        return agree_on_x448(peer_public_value);
    }
    throw std::invalid_argument("not an EcdhGroup");
}

Bytes ephemeral_public_value(EcdhGroup group)
{
    switch (group) {
    case EcdhGroup::secp256r1:
        return ec_point(ECC_SECP256R1, "secp256r1");
    case EcdhGroup::secp384r1:
        return ec_point(ECC_SECP384R1, "secp384r1");
    case EcdhGroup::secp521r1:
        return ec_point(ECC_SECP521R1, "secp521r1");
    case EcdhGroup::x25519:
        return x25519_value();
    case EcdhGroup::x448:
        return x448_value();
    }
    throw std::invalid_argument("not an EcdhGroup");
}

} // namespace alert40
