// SPDX-License-Identifier: GPL-2.0-or-later
// Cryptographic primitives as alert40 needs them; crypto.cpp is the only wolfCrypt user beside server/stack.
// Every function throws std::runtime_error, naming the operation and its object, when the library refuses;
// what the wire can make fail (a wrong tag, a wrong signature) is a value instead.
#pragma once

#include "certs/bytes.h"

#include <memory>
#include <optional>

namespace alert40 {

enum class HashAlgorithm { md5, sha1, sha256, sha384, sha512 };

Bytes hash(HashAlgorithm algorithm, ByteView data);
Bytes hmac(HashAlgorithm algorithm, ByteView key, ByteView data);

/// HKDF-Expand-Label of RFC 8446, section 7.1, "tls13 " prefix included by the function; length in octets.
Bytes hkdf_expand_label(HashAlgorithm algorithm, ByteView secret, std::string_view label, ByteView context,
                        std::size_t length);

/// From a cryptographic generator.
Bytes random_bytes(std::size_t length);

enum class Aead { aes_128_gcm, aes_256_gcm, chacha20_poly1305, aes_128_ccm, aes_128_ccm_8 };

std::size_t aead_key_length(Aead aead);
std::size_t aead_tag_length(Aead aead);

/// Ciphertext with the tag behind it. The nonce has 12 octets.
Bytes aead_seal(Aead aead, ByteView key, ByteView nonce, ByteView additional_data, ByteView plaintext);

/// The plaintext, or nullopt where the tag (the last octets of `ciphertext`) does not verify.
std::optional<Bytes> aead_open(Aead aead, ByteView key, ByteView nonce, ByteView additional_data, ByteView ciphertext);

enum class KeyType {
    ec_p256,
    ec_p384,
    ec_p521,
    ec_secp256k1,
    ed25519,
    ed448,
    rsa_512,
    rsa_1024,
    rsa_2048,
    rsa_3072,
    rsa_4096,
};

/// The name as recipes spell it: "ec-p256", "rsa-2048".
std::string_view name(KeyType type);
std::optional<KeyType> find_key_type(std::string_view name);
bool is_rsa(KeyType type);
bool is_ec(KeyType type);
/// The word after BEGIN in a private key's PEM text: "RSA PRIVATE KEY", "EC PRIVATE KEY" or "PRIVATE KEY".
std::string_view private_pem_label(KeyType type);

/// A private key; copies share it. Signing draws on a generator per thread, so a key may be used by one thread at a
/// time.
class PrivateKey {
public:
    /// RSA-2048 takes some 90 ms with Debian's wolfCrypt, RSA-4096 0.7 s, P-256 0.04 ms.
    static PrivateKey generate(KeyType type);
    /// Reads what private_der() wrote.
    static PrivateKey from_der(KeyType type, ByteView der);

    KeyType type() const;
    /// SubjectPublicKeyInfo, DER (RFC 5280, section 4.1.2.7).
    Bytes public_key_info() const;
    /// RSAPrivateKey (RFC 8017), ECPrivateKey (RFC 5915) or PrivateKeyInfo (RFC 8410).
    Bytes private_der() const;
    /// The same as PEM text, with the label OpenSSL, GnuTLS and wolfSSL expect.
    std::string private_pem() const;
    /// ECDSA as ECDSA-Sig-Value, RSA as PKCS #1 v1.5, EdDSA as RFC 8032 (`algorithm` is ignored there).
    Bytes sign(HashAlgorithm algorithm, ByteView message) const;

    struct Implementation;

private:
    explicit PrivateKey(std::shared_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
    std::shared_ptr<Implementation> implementation_;
};

/// True where `signature` over `message` was made with the key of `public_key_info` (ECDSA, PKCS #1 v1.5 or EdDSA).
/// A key or signature that cannot be read verifies nothing: false.
bool verify_signature(ByteView public_key_info, HashAlgorithm algorithm, ByteView message, ByteView signature);

/// An ephemeral key of an elliptic-curve group for a ServerKeyExchange or KeyShareEntry: the public value as the
/// wire carries it (uncompressed point, or 32/56 octets).
enum class EcdhGroup { secp256r1, secp384r1, secp521r1, x25519, x448 };
Bytes ephemeral_public_value(EcdhGroup group);

} // namespace alert40
