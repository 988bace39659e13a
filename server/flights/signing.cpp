// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/signing.h"

#include "certs/rsa_signatures.h"

#include <utility>

namespace alert40 {
namespace {

std::optional<HashAlgorithm> hash_of(const SignatureSchemeInfo* scheme)
{
    constexpr std::pair<std::string_view, HashAlgorithm> kHashes[] = {{"md5", HashAlgorithm::md5},
                                                                      {"sha1", HashAlgorithm::sha1},
                                                                      {"sha256", HashAlgorithm::sha256},
                                                                      {"sha384", HashAlgorithm::sha384},
                                                                      {"sha512", HashAlgorithm::sha512}};
    if (scheme == nullptr) return std::nullopt;
    for (const auto& [name, hash] : kHashes)
        if (scheme->hash == name) return hash;
    return std::nullopt;
}

bool is_pss(const SignatureSchemeInfo* scheme)
{
    return scheme != nullptr && scheme->name.starts_with("rsa_pss");
}

} // namespace

Bytes sign(const PrivateKey& key, SignatureScheme scheme, ByteView message)
{
    const auto* info = find_signature_scheme_info(scheme);
    const auto hash = hash_of(info).value_or(HashAlgorithm::sha256);
    if (is_rsa(key.type()) && is_pss(info)) return sign_rsa_pss(key, hash, message);
    return key.sign(hash, message);
}

bool verify(ByteView public_key_info, SignatureScheme scheme, ByteView message, ByteView signature)
{
    const auto* info = find_signature_scheme_info(scheme);
    if (info == nullptr) return false;
    const auto hash = hash_of(info);
    if (!hash && !info->hash.empty()) return false;
    const auto algorithm = hash.value_or(HashAlgorithm::sha512); // EdDSA has its own
    if (is_pss(info)) return verify_rsa_pss(public_key_info, algorithm, message, signature);
    return verify_signature(public_key_info, algorithm, message, signature);
}

Bytes certificate_verify_content(std::string_view context, ByteView transcript_hash)
{
    Bytes content(64, 0x20);
    append(content, to_bytes(context));
    content.push_back(0);
    append(content, transcript_hash);
    return content;
}

} // namespace alert40
