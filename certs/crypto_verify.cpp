// SPDX-License-Identifier: GPL-2.0-or-later
#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/asn.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/ed448.h>
#include <wolfssl/wolfcrypt/rsa.h>

#include "certs/crypto_native.h"

namespace alert40 {

namespace {

using native::Handle;
using native::length;
using native::octets;

int initialise_rsa(RsaKey* key)
{
    return wc_InitRsaKey(key, nullptr);
}

constexpr std::size_t kLargestSignature = 512; // RSA-4096

bool verifies(RsaKey& key, HashAlgorithm algorithm, ByteView message, ByteView signature)
{
    Bytes recovered(kLargestSignature);
    const int size = wc_RsaSSL_Verify(octets(signature), length(signature), recovered.data(), length(recovered), &key);
    if (size < 0) return false;
    recovered.resize(static_cast<std::size_t>(size));
    return recovered == native::digest_info(algorithm, message);
}

bool verifies(ecc_key& key, HashAlgorithm algorithm, ByteView message, ByteView signature)
{
    const Bytes digest = hash(algorithm, message);
    int valid = 0;
    const int result =
        wc_ecc_verify_hash(octets(signature), length(signature), digest.data(), length(digest), &valid, &key);
    return result == 0 && valid == 1;
}

bool verifies(ed25519_key& key, ByteView message, ByteView signature)
{
    int valid = 0;
    const int result =
        wc_ed25519_verify_msg(octets(signature), length(signature), octets(message), length(message), &valid, &key);
    return result == 0 && valid == 1;
}

bool verifies(ed448_key& key, ByteView message, ByteView signature)
{
    int valid = 0;
    const int result = wc_ed448_verify_msg(octets(signature), length(signature), octets(message), length(message),
                                           &valid, &key, nullptr, 0);
    return result == 0 && valid == 1;
}

} // namespace

Bytes native::digest_info(HashAlgorithm algorithm, ByteView message)
{
    const Bytes digest = hash(algorithm, message);
    const int oid = check(wc_HashGetOID(static_cast<wc_HashType>(native::hash_type(algorithm))), "signing", "hash");
    Bytes info(MAX_DER_DIGEST_SZ);
    info.resize(wc_EncodeSignature(info.data(), digest.data(), length(digest), oid));
    return info;
}

bool verify_signature(ByteView public_key_info, HashAlgorithm algorithm, ByteView message, ByteView signature)
{
    const std::uint32_t size = length(public_key_info);
    const std::uint8_t* info = octets(public_key_info);
    // Each decoder refuses another algorithm's identifier, RSA's alone does not: it comes last.
    std::uint32_t index = 0;
    Handle<ecc_key, wc_ecc_init, wc_ecc_free> ec;
    if (wc_EccPublicKeyDecode(info, &index, &ec.native, size) == 0)
        return verifies(ec.native, algorithm, message, signature);
    index = 0;
    Handle<ed25519_key, wc_ed25519_init, wc_ed25519_free> ed25519;
    if (wc_Ed25519PublicKeyDecode(info, &index, &ed25519.native, size) == 0)
        return verifies(ed25519.native, message, signature);
    index = 0;
    Handle<ed448_key, wc_ed448_init, wc_ed448_free> ed448;
    if (wc_Ed448PublicKeyDecode(info, &index, &ed448.native, size) == 0)
        return verifies(ed448.native, message, signature);
    index = 0;
    Handle<RsaKey, initialise_rsa, wc_FreeRsaKey> rsa;
    if (wc_RsaPublicKeyDecode(info, &index, &rsa.native, size) != 0) return false;
    return verifies(rsa.native, algorithm, message, signature);
}

} // namespace alert40
