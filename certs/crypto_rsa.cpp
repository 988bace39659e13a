// SPDX-License-Identifier: GPL-2.0-or-later
#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/rsa.h>

#include "certs/crypto_native.h"
#include "certs/rsa_signatures.h"

#include <stdexcept>

namespace alert40 {

namespace {

using native::check;
using native::length;
using native::octets;

int initialise_rsa(RsaKey* key)
{
    return wc_InitRsaKey(key, nullptr);
}

using RsaHandle = native::Handle<RsaKey, initialise_rsa, wc_FreeRsaKey>;

constexpr std::size_t kLargestSignature = 512; // RSA-4096

int mask(HashAlgorithm hash)
{
    switch (hash) {
    case HashAlgorithm::sha1:
        return WC_MGF1SHA1;
    case HashAlgorithm::sha256:
        return WC_MGF1SHA256;
    case HashAlgorithm::sha384:
        return WC_MGF1SHA384;
    case HashAlgorithm::sha512:
        return WC_MGF1SHA512;
    case HashAlgorithm::md5:
        break;
    }
    throw std::runtime_error("RSASSA-PSS (MD5): no such mask generation");
}

bool read_public(RsaHandle& rsa, ByteView public_key_info)
{
    std::uint32_t index = 0;
    return wc_RsaPublicKeyDecode(octets(public_key_info), &index, &rsa.native, length(public_key_info)) == 0;
}

void read(RsaHandle& rsa, const PrivateKey& key)
{
    const Bytes der = key.private_der();
    std::uint32_t index = 0;
    check(wc_RsaPrivateKeyDecode(der.data(), &index, &rsa.native, length(der)), "signing", name(key.type()));
    check(wc_RsaSetRNG(&rsa.native, &native::generator()), "signing", name(key.type()));
}

} // namespace

Bytes sign_rsa_pss(const PrivateKey& key, HashAlgorithm algorithm, ByteView message)
{
    RsaHandle rsa;
    read(rsa, key);
    const Bytes digest = hash(algorithm, message);
    Bytes signature(kLargestSignature);
    const int size = check(wc_RsaPSS_Sign_ex(digest.data(), length(digest), signature.data(), length(signature),
                                             static_cast<wc_HashType>(native::hash_type(algorithm)), mask(algorithm),
                                             static_cast<int>(digest.size()), &rsa.native, &native::generator()),
                           "signing", name(key.type()));
    signature.resize(static_cast<std::size_t>(size));
    return signature;
}

bool verify_rsa_pss(ByteView public_key_info, HashAlgorithm algorithm, ByteView message, ByteView signature)
{
    RsaHandle rsa;
    if (!read_public(rsa, public_key_info)) return false;
    const Bytes digest = hash(algorithm, message);
    Bytes copy(signature.begin(), signature.end()); // wolfCrypt takes it writable
    Bytes recovered(kLargestSignature);
    if (copy.empty()) return false;
    return wc_RsaPSS_VerifyCheck(copy.data(), length(copy), recovered.data(), length(recovered), digest.data(),
                                 length(digest), static_cast<wc_HashType>(native::hash_type(algorithm)),
                                 mask(algorithm), &rsa.native) > 0;
}

namespace {

Bytes md5_sha1(ByteView message)
{
    Bytes digests = hash(HashAlgorithm::md5, message);
    append(digests, hash(HashAlgorithm::sha1, message));
    return digests;
}

} // namespace

Bytes sign_rsa_md5_sha1(const PrivateKey& key, ByteView message)
{
    RsaHandle rsa;
    read(rsa, key);
    const Bytes digests = md5_sha1(message);
    Bytes signature(kLargestSignature);
    const int size = check(wc_RsaSSL_Sign(digests.data(), length(digests), signature.data(), length(signature),
                                          &rsa.native, &native::generator()),
                           "signing", name(key.type()));
    signature.resize(static_cast<std::size_t>(size));
    return signature;
}

bool verify_rsa_md5_sha1(ByteView public_key_info, ByteView message, ByteView signature)
{
    RsaHandle rsa;
    if (!read_public(rsa, public_key_info)) return false;
    Bytes recovered(kLargestSignature);
    const int size =
        wc_RsaSSL_Verify(octets(signature), length(signature), recovered.data(), length(recovered), &rsa.native);
    if (size < 0) return false;
    recovered.resize(static_cast<std::size_t>(size));
    return recovered == md5_sha1(message);
}

std::optional<Bytes> encrypt_rsa(ByteView public_key_info, ByteView secret)
{
    RsaHandle rsa;
    if (!read_public(rsa, public_key_info)) return std::nullopt;
    Bytes encrypted(kLargestSignature);
    const int size = wc_RsaPublicEncrypt(octets(secret), length(secret), encrypted.data(), length(encrypted),
                                         &rsa.native, &native::generator());
    if (size < 0) return std::nullopt;
    encrypted.resize(static_cast<std::size_t>(size));
    return encrypted;
}

} // namespace alert40
