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
    std::uint32_t index = 0;
    if (wc_RsaPublicKeyDecode(octets(public_key_info), &index, &rsa.native, length(public_key_info)) != 0) return false;
    const Bytes digest = hash(algorithm, message);
    Bytes copy(signature.begin(), signature.end()); // wolfCrypt takes it writable
    Bytes recovered(kLargestSignature);
    if (copy.empty()) return false;
    return wc_RsaPSS_VerifyCheck(copy.data(), length(copy), recovered.data(), length(recovered), digest.data(),
                                 length(digest), static_cast<wc_HashType>(native::hash_type(algorithm)),
                                 mask(algorithm), &rsa.native) > 0;
}

Bytes sign_rsa_md5_sha1(const PrivateKey& key, ByteView message)
{
    RsaHandle rsa;
    read(rsa, key);
    Bytes digests = hash(HashAlgorithm::md5, message);
    append(digests, hash(HashAlgorithm::sha1, message));
    Bytes signature(kLargestSignature);
    const int size = check(wc_RsaSSL_Sign(digests.data(), length(digests), signature.data(), length(signature),
                                          &rsa.native, &native::generator()),
                           "signing", name(key.type()));
    signature.resize(static_cast<std::size_t>(size));
    return signature;
}

} // namespace alert40
