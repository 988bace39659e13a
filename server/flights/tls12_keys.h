// SPDX-License-Identifier: GPL-2.0-or-later
// The secrets of TLS 1.2 and before (RFC 5246, sections 5, 6.3, 7.4.9 and 8.1; RFC 4346, section 5; RFC 7627), and the
// record protection of TLS 1.2 with an AEAD (RFC 5288, RFC 6655, RFC 7905). With CBC: cbc_protection.h.
#pragma once

#include "certs/crypto.h"
#include "scenarios/vocabulary/cipher_suite.h"
#include "server/wire/record.h"

namespace alert40 {

/// Which PRF a connection has: of TLS 1.2 with this hash, or the one of TLS 1.0 and 1.1, made of MD5 and SHA-1.
struct Prf {
    Prf(HashAlgorithm of_tls12) : hash(of_tls12) {} // NOLINT(google-explicit-constructor): the usual one
    static Prf of_tls10() { return Prf(std::nullopt); }

    std::optional<HashAlgorithm> hash;

private:
    explicit Prf(std::nullopt_t) {}
};

/// PRF(secret, label, seed) of RFC 5246, section 5, or RFC 4346, section 5.
Bytes tls12_prf(Prf prf, ByteView secret, std::string_view label, ByteView seed, std::size_t length);

/// What Finished and the extended master secret cover: the hash of the handshake messages, in TLS 1.0 and 1.1 MD5 and
/// SHA-1 one behind the other (RFC 4346, section 7.4.9).
Bytes handshake_hash(Prf prf, ByteView messages);

/// RFC 5246, section 8.1.
Bytes master_secret(Prf prf, ByteView premaster, ByteView client_random, ByteView server_random);
/// RFC 7627, section 4.
Bytes extended_master_secret(Prf prf, ByteView premaster, ByteView session_hash);

/// verify_data of a Finished (RFC 5246, section 7.4.9), `label` "client finished" or "server finished".
Bytes tls12_verify_data(Prf prf, ByteView master, std::string_view label, ByteView transcript_hash);

/// The key block (RFC 5246, section 6.3).
Bytes key_block(Prf prf, ByteView master, ByteView client_random, ByteView server_random, std::size_t length);

/// The AEAD and the PRF's hash of a suite; nullopt for suites that a composed flight cannot protect records with.
struct Tls12Algorithms {
    Aead aead{};
    HashAlgorithm hash{};
};
std::optional<Tls12Algorithms> tls12_algorithms(const CipherSuiteInfo& suite);

/// The records of one direction, with their sequence number.
class Tls12Protection {
public:
    Tls12Protection(Aead aead, Bytes key, Bytes fixed_iv);

    /// nullopt where the tag does not verify.
    std::optional<Bytes> open(const Record& record);
    /// The whole protected record.
    Bytes seal(ContentType type, ByteView content);

private:
    Bytes nonce(ByteView explicit_part) const;
    Bytes additional_data(ContentType type, std::size_t length) const;
    std::size_t explicit_length() const { return aead_ == Aead::chacha20_poly1305 ? 0 : 8; }

    Aead aead_;
    Bytes key_;
    Bytes fixed_iv_;
    std::uint64_t sequence_number_ = 0;
};

struct Tls12KeyPair {
    Tls12Protection client;
    Tls12Protection server;
};

/// Both directions' keys out of the key block (RFC 5246, section 6.3).
Tls12KeyPair tls12_keys(Tls12Algorithms algorithms, ByteView master, ByteView client_random, ByteView server_random);

} // namespace alert40
