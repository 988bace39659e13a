// SPDX-License-Identifier: GPL-2.0-or-later
// TLS 1.3 record protection (RFC 8446, section 5.2) under one traffic secret, with its own sequence number.
#pragma once

#include "certs/crypto.h"
#include "scenarios/vocabulary/cipher_suite.h"
#include "server/wire/record.h"

namespace alert40 {

/// The AEAD and hash of a TLS 1.3 cipher suite; nullopt for any other.
struct Tls13Algorithms {
    Aead aead{};
    HashAlgorithm hash{};
};
std::optional<Tls13Algorithms> tls13_algorithms(CipherSuite suite);

/// A TLSInnerPlaintext: padding removed.
struct InnerPlaintext {
    ContentType type{};
    Bytes content;
};

class RecordProtection {
public:
    RecordProtection(Tls13Algorithms algorithms, ByteView traffic_secret);

    /// nullopt where the tag does not verify, and then the sequence number stays: the record may be under other keys.
    std::optional<InnerPlaintext> open(const Record& record);

    /// The whole protected record; `padding` zero octets behind the content (RFC 8446, section 5.4).
    Bytes seal(ContentType type, ByteView content, std::size_t padding = 0);

private:
    Bytes nonce() const;

    Tls13Algorithms algorithms_;
    Bytes key_;
    Bytes iv_;
    std::uint64_t sequence_number_ = 0;
};

} // namespace alert40
