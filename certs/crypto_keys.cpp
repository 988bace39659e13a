// SPDX-License-Identifier: GPL-2.0-or-later
#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/asn.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/ed448.h>
#include <wolfssl/wolfcrypt/rsa.h>

#include "certs/crypto_native.h"

#include <array>
#include <stdexcept>
#include <variant>

namespace alert40 {

namespace {

using native::check;
using native::digest_info;
using native::generator;
using native::Handle;
using native::length;
using native::octets;

int initialise_rsa(RsaKey* key)
{
    return wc_InitRsaKey(key, nullptr);
}

using RsaHandle = Handle<RsaKey, initialise_rsa, wc_FreeRsaKey>;
using EcHandle = Handle<ecc_key, wc_ecc_init, wc_ecc_free>;
using Ed25519Handle = Handle<ed25519_key, wc_ed25519_init, wc_ed25519_free>;
using Ed448Handle = Handle<ed448_key, wc_ed448_init, wc_ed448_free>;

constexpr std::size_t kLargestKeyDer = 4096; // RSA-4096 private: about 2,350 octets
constexpr std::size_t kLargestSignature = 512;

struct KeyTypeRow {
    KeyType type;
    std::string_view name;
    int rsa_bits; // 0: not RSA
    int curve;    // ECC_CURVE_INVALID: not on a curve of the ecc family
};

constexpr std::array<KeyTypeRow, 11> kKeyTypes{{
    {KeyType::ec_p256, "ec-p256", 0, ECC_SECP256R1},
    {KeyType::ec_p384, "ec-p384", 0, ECC_SECP384R1},
    {KeyType::ec_p521, "ec-p521", 0, ECC_SECP521R1},
    {KeyType::ec_secp256k1, "ec-secp256k1", 0, ECC_SECP256K1},
    {KeyType::ed25519, "ed25519", 0, ECC_CURVE_INVALID},
    {KeyType::ed448, "ed448", 0, ECC_CURVE_INVALID},
    {KeyType::rsa_512, "rsa-512", 512, ECC_CURVE_INVALID},
    {KeyType::rsa_1024, "rsa-1024", 1024, ECC_CURVE_INVALID},
    {KeyType::rsa_2048, "rsa-2048", 2048, ECC_CURVE_INVALID},
    {KeyType::rsa_3072, "rsa-3072", 3072, ECC_CURVE_INVALID},
    {KeyType::rsa_4096, "rsa-4096", 4096, ECC_CURVE_INVALID},
}};

const KeyTypeRow& row(KeyType type)
{
    for (const KeyTypeRow& candidate : kKeyTypes)
        if (candidate.type == type) return candidate;
    throw std::invalid_argument("not a KeyType");
}

} // namespace

std::string_view name(KeyType type)
{
    return row(type).name;
}

std::optional<KeyType> find_key_type(std::string_view name)
{
    for (const KeyTypeRow& candidate : kKeyTypes)
        if (candidate.name == name) return candidate.type;
    return std::nullopt;
}

bool is_rsa(KeyType type)
{
    return row(type).rsa_bits != 0;
}

bool is_ec(KeyType type)
{
    return row(type).curve != ECC_CURVE_INVALID;
}

struct PrivateKey::Implementation {
    explicit Implementation(KeyType key_type) : type(key_type)
    {
        if (is_ec(type)) key.emplace<EcHandle>();
        if (type == KeyType::ed25519) key.emplace<Ed25519Handle>();
        if (type == KeyType::ed448) key.emplace<Ed448Handle>();
    }

    void generate();
    void read(ByteView der);
    void require(bool holds) const
    {
        if (!holds) throw std::runtime_error("reading a private key (" + std::string(name(type)) + "): another type");
    }

    KeyType type;
    std::variant<RsaHandle, EcHandle, Ed25519Handle, Ed448Handle> key;
};

namespace {

/// Calls `rsa`, `ec`, `ed25519` or `ed448` with the native key, whichever it is.
template <class Rsa, class Ec, class Ed25519, class Ed448>
auto with_native(PrivateKey::Implementation& key, Rsa rsa, Ec ec, Ed25519 ed25519, Ed448 ed448)
{
    if (auto* handle = std::get_if<RsaHandle>(&key.key)) return rsa(handle->native);
    if (auto* handle = std::get_if<EcHandle>(&key.key)) return ec(handle->native);
    if (auto* handle = std::get_if<Ed25519Handle>(&key.key)) return ed25519(handle->native);
    return ed448(std::get<Ed448Handle>(key.key).native);
}

} // namespace

void PrivateKey::Implementation::generate()
{
    constexpr int kExponent = 65537;
    const std::string_view what = name(type);
    const int result = with_native(
        *this, [&](RsaKey& rsa) { return wc_MakeRsaKey(&rsa, row(type).rsa_bits, kExponent, &generator()); },
        [&](ecc_key& ec) {
            const int size = check(wc_ecc_get_curve_size_from_id(row(type).curve), "generating a key", what);
            return wc_ecc_make_key_ex(&generator(), size, &ec, row(type).curve);
        },
        [&](ed25519_key& ed25519) { return wc_ed25519_make_key(&generator(), ED25519_KEY_SIZE, &ed25519); },
        [&](ed448_key& ed448) { return wc_ed448_make_key(&generator(), ED448_KEY_SIZE, &ed448); });
    check(result, "generating a key", what);
}

void PrivateKey::Implementation::read(ByteView der)
{
    const std::uint32_t size = length(der);
    std::uint32_t index = 0;
    const int result = with_native(
        *this, [&](RsaKey& rsa) { return wc_RsaPrivateKeyDecode(octets(der), &index, &rsa, size); },
        [&](ecc_key& ec) { return wc_EccPrivateKeyDecode(octets(der), &index, &ec, size); },
        [&](ed25519_key& ed25519) { return wc_Ed25519PrivateKeyDecode(octets(der), &index, &ed25519, size); },
        [&](ed448_key& ed448) { return wc_Ed448PrivateKeyDecode(octets(der), &index, &ed448, size); });
    check(result, "reading a private key", name(type));
    // RFC 8410 private keys come without the public half; and a file may hold another key than its name says.
    with_native(
        *this, [&](RsaKey& rsa) { require(wc_RsaEncryptSize(&rsa) * 8 == row(type).rsa_bits); },
        [&](ecc_key& ec) { require(wc_ecc_get_curve_id(ec.idx) == row(type).curve); },
        [&](ed25519_key& ed25519) {
            std::array<std::uint8_t, ED25519_PUB_KEY_SIZE> value{};
            check(wc_ed25519_make_public(&ed25519, value.data(), length(value)), "reading", "ed25519");
            check(wc_ed25519_import_public(value.data(), length(value), &ed25519), "reading", "ed25519");
        },
        [&](ed448_key& ed448) {
            std::array<std::uint8_t, ED448_PUB_KEY_SIZE> value{};
            check(wc_ed448_make_public(&ed448, value.data(), length(value)), "reading", "ed448");
            check(wc_ed448_import_public(value.data(), length(value), &ed448), "reading", "ed448");
        });
}

PrivateKey PrivateKey::generate(KeyType type)
{
    auto implementation = std::make_shared<Implementation>(type);
    implementation->generate();
    return PrivateKey(std::move(implementation));
}

PrivateKey PrivateKey::from_der(KeyType type, ByteView der)
{
    auto implementation = std::make_shared<Implementation>(type);
    implementation->read(der);
    return PrivateKey(std::move(implementation));
}

KeyType PrivateKey::type() const
{
    return implementation_->type;
}

Bytes PrivateKey::public_key_info() const
{
    constexpr int kWithAlgorithm = 1;
    Bytes der(kLargestKeyDer);
    const std::uint32_t room = length(der);
    const int size = with_native(
        *implementation_, [&](RsaKey& rsa) { return wc_RsaKeyToPublicDer(&rsa, der.data(), room); },
        [&](ecc_key& ec) { return wc_EccPublicKeyToDer(&ec, der.data(), room, kWithAlgorithm); },
        [&](ed25519_key& key) { return wc_Ed25519PublicKeyToDer(&key, der.data(), room, kWithAlgorithm); },
        [&](ed448_key& key) { return wc_Ed448PublicKeyToDer(&key, der.data(), room, kWithAlgorithm); });
    der.resize(static_cast<std::size_t>(check(size, "writing a public key", name(type()))));
    return der;
}

Bytes PrivateKey::private_der() const
{
    Bytes der(kLargestKeyDer);
    const std::uint32_t room = length(der);
    // wc_Ed25519PrivateKeyToDer, not wc_Ed25519KeyToDer: that writes a version 2 key, which OpenSSL cannot read.
    const int size = with_native(
        *implementation_, [&](RsaKey& rsa) { return wc_RsaKeyToDer(&rsa, der.data(), room); },
        [&](ecc_key& ec) { return wc_EccKeyToDer(&ec, der.data(), room); },
        [&](ed25519_key& key) { return wc_Ed25519PrivateKeyToDer(&key, der.data(), room); },
        [&](ed448_key& key) { return wc_Ed448PrivateKeyToDer(&key, der.data(), room); });
    der.resize(static_cast<std::size_t>(check(size, "writing a private key", name(type()))));
    return der;
}

std::string PrivateKey::private_pem() const
{
    return to_pem(private_pem_label(type()), private_der());
}

std::string_view private_pem_label(KeyType type)
{
    if (is_rsa(type)) return "RSA PRIVATE KEY";
    return is_ec(type) ? "EC PRIVATE KEY" : "PRIVATE KEY";
}

Bytes PrivateKey::sign(HashAlgorithm algorithm, ByteView message) const
{
    Bytes signature(kLargestSignature);
    std::uint32_t size = length(signature);
    const int result = with_native(
        *implementation_,
        [&](RsaKey& rsa) {
            const Bytes info = digest_info(algorithm, message);
            check(wc_RsaSetRNG(&rsa, &generator()), "signing", name(type())); // this thread's, for the blinding
            const int written = wc_RsaSSL_Sign(info.data(), length(info), signature.data(), size, &rsa, &generator());
            size = written < 0 ? 0 : static_cast<std::uint32_t>(written);
            return written;
        },
        [&](ecc_key& ec) {
            const Bytes digest = hash(algorithm, message);
            check(wc_ecc_set_rng(&ec, &generator()), "signing", name(type()));
            return wc_ecc_sign_hash(digest.data(), length(digest), signature.data(), &size, &generator(), &ec);
        },
        [&](ed25519_key& key) {
            return wc_ed25519_sign_msg(octets(message), length(message), signature.data(), &size, &key);
        },
        [&](ed448_key& key) {
            return wc_ed448_sign_msg(octets(message), length(message), signature.data(), &size, &key, nullptr, 0);
        });
    check(result, "signing", name(type()));
    signature.resize(size);
    return signature;
}

} // namespace alert40
