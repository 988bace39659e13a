// SPDX-License-Identifier: GPL-2.0-or-later
#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/curve25519.h>
#include <wolfssl/wolfcrypt/curve448.h>
#include <wolfssl/wolfcrypt/ecc.h>

#include "certs/crypto_native.h"
#include "certs/key_agreement.h"

#include <stdexcept>
#include <variant>

namespace alert40 {

namespace {

using native::check;
using native::generator;
using native::Handle;
using native::length;
using native::octets;

using EcHandle = Handle<ecc_key, wc_ecc_init, wc_ecc_free>;
using X25519Handle = Handle<curve25519_key, wc_curve25519_init, wc_curve25519_free>;
using X448Handle = Handle<curve448_key, wc_curve448_init, wc_curve448_free>;

struct Curve {
    std::string_view name;
    int id; // ECC_CURVE_INVALID: not one of the ecc family
};

Curve curve_of(EcdhGroup group)
{
    switch (group) {
    case EcdhGroup::secp256r1:
        return {"secp256r1", ECC_SECP256R1};
    case EcdhGroup::secp384r1:
        return {"secp384r1", ECC_SECP384R1};
    case EcdhGroup::secp521r1:
        return {"secp521r1", ECC_SECP521R1};
    case EcdhGroup::x25519:
        return {"x25519", ECC_CURVE_INVALID};
    case EcdhGroup::x448:
        return {"x448", ECC_CURVE_INVALID};
    }
    throw std::invalid_argument("not an EcdhGroup");
}

Bytes make(EcHandle& key, const Curve& curve)
{
    const int field_size = check(wc_ecc_get_curve_size_from_id(curve.id), "generating a key", curve.name);
    check(wc_ecc_make_key_ex(&generator(), field_size, &key.native, curve.id), "generating a key", curve.name);
    Bytes point(MAX_ECC_BYTES * 2 + 1);
    std::uint32_t size = length(point);
    check(wc_ecc_export_x963(&key.native, point.data(), &size), "writing a public value", curve.name);
    point.resize(size);
    return point;
}

Bytes make(X25519Handle& key)
{
    check(wc_curve25519_make_key(&generator(), CURVE25519_KEYSIZE, &key.native), "generating a key", "x25519");
    Bytes value(CURVE25519_KEYSIZE);
    std::uint32_t size = length(value);
    check(wc_curve25519_export_public_ex(&key.native, value.data(), &size, EC25519_LITTLE_ENDIAN),
          "writing a public value", "x25519");
    return value;
}

Bytes make(X448Handle& key)
{
    check(wc_curve448_make_key(&generator(), CURVE448_KEY_SIZE, &key.native), "generating a key", "x448");
    Bytes value(CURVE448_KEY_SIZE);
    std::uint32_t size = length(value);
    check(wc_curve448_export_public_ex(&key.native, value.data(), &size, EC448_LITTLE_ENDIAN), "writing a public value",
          "x448");
    return value;
}

std::optional<Bytes> agree(EcHandle& key, const Curve& curve, ByteView peer)
{
    EcHandle other;
    if (wc_ecc_import_x963_ex(octets(peer), length(peer), &other.native, curve.id) != 0) return std::nullopt;
    if (wc_ecc_check_key(&other.native) != 0) return std::nullopt;
    check(wc_ecc_set_rng(&key.native, &generator()), "agreeing on a key", curve.name);
    Bytes secret(MAX_ECC_BYTES);
    std::uint32_t size = length(secret);
    if (wc_ecc_shared_secret(&key.native, &other.native, secret.data(), &size) != 0) return std::nullopt;
    secret.resize(size);
    return secret;
}

std::optional<Bytes> agree(X25519Handle& key, ByteView peer)
{
    X25519Handle other;
    if (peer.size() != CURVE25519_KEYSIZE) return std::nullopt;
    if (wc_curve25519_import_public_ex(octets(peer), length(peer), &other.native, EC25519_LITTLE_ENDIAN) != 0)
        return std::nullopt;
    Bytes secret(CURVE25519_KEYSIZE);
    std::uint32_t size = length(secret);
    if (wc_curve25519_shared_secret_ex(&key.native, &other.native, secret.data(), &size, EC25519_LITTLE_ENDIAN) != 0)
        return std::nullopt;
    return secret;
}

std::optional<Bytes> agree(X448Handle& key, ByteView peer)
{
    X448Handle other;
    if (peer.size() != CURVE448_KEY_SIZE) return std::nullopt;
    if (wc_curve448_import_public_ex(octets(peer), length(peer), &other.native, EC448_LITTLE_ENDIAN) != 0)
        return std::nullopt;
    Bytes secret(CURVE448_KEY_SIZE);
    std::uint32_t size = length(secret);
    if (wc_curve448_shared_secret_ex(&key.native, &other.native, secret.data(), &size, EC448_LITTLE_ENDIAN) != 0)
        return std::nullopt;
    return secret;
}

} // namespace

struct EphemeralKey::Implementation {
    explicit Implementation(EcdhGroup its_group) : group(its_group), curve(curve_of(its_group))
    {
        if (group == EcdhGroup::x25519)
            public_value = make(key.emplace<X25519Handle>());
        else if (group == EcdhGroup::x448)
            public_value = make(key.emplace<X448Handle>());
        else
            public_value = make(std::get<EcHandle>(key), curve);
    }
    EcdhGroup group;
    Curve curve;
    std::variant<EcHandle, X25519Handle, X448Handle> key;
    Bytes public_value;
};

EphemeralKey EphemeralKey::generate(EcdhGroup group)
{
    return EphemeralKey(std::make_shared<Implementation>(group));
}

EcdhGroup EphemeralKey::group() const
{
    return implementation_->group;
}

const Bytes& EphemeralKey::public_value() const
{
    return implementation_->public_value;
}

std::optional<Bytes> EphemeralKey::agree(ByteView peer) const
{
    auto& key = implementation_->key;
    if (auto* x25519 = std::get_if<X25519Handle>(&key)) return alert40::agree(*x25519, peer);
    if (auto* x448 = std::get_if<X448Handle>(&key)) return alert40::agree(*x448, peer);
    return alert40::agree(std::get<EcHandle>(key), implementation_->curve, peer);
}

Bytes ephemeral_public_value(EcdhGroup group)
{
    return EphemeralKey::generate(group).public_value();
}

} // namespace alert40
