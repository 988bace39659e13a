// SPDX-License-Identifier: GPL-2.0-or-later
// RSA in TLS beside signatures of PKCS #1 v1.5 with a DigestInfo (PrivateKey::sign): RSASSA-PSS (RFC 8446 section
// 4.2.3), the concatenated MD5 and SHA-1 of TLS 1.1 and before (RFC 4346 section 4.7), and the key transport of TLS 1.2
// and before (RFC 5246 section 7.4.7.1).
#pragma once

#include "certs/crypto.h"

namespace alert40 {

/// RSASSA-PSS with a salt as long as the digest. `key` is an RSA key. Throws std::runtime_error, also where the modulus
/// is too short for the digest (SHA-512 with RSA-1024).
Bytes sign_rsa_pss(const PrivateKey& key, HashAlgorithm hash, ByteView message);

/// False also where `public_key_info` is no RSA key.
bool verify_rsa_pss(ByteView public_key_info, HashAlgorithm hash, ByteView message, ByteView signature);

/// PKCS #1 v1.5 over MD5 and SHA-1 of `message`, without a DigestInfo.
Bytes sign_rsa_md5_sha1(const PrivateKey& key, ByteView message);

/// False also where `public_key_info` is no RSA key.
bool verify_rsa_md5_sha1(ByteView public_key_info, ByteView message, ByteView signature);

/// RSAES-PKCS1-v1_5 (RFC 8017 section 7.2). nullopt where `public_key_info` is no RSA key, or too short for `secret`.
std::optional<Bytes> encrypt_rsa(ByteView public_key_info, ByteView secret);

} // namespace alert40
