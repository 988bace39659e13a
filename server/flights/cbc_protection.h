// SPDX-License-Identifier: GPL-2.0-or-later
// Record protection with a block cipher in CBC mode: TLS 1.0 to 1.2 (RFC 2246, RFC 4346 and RFC 5246, section 6.2.3.2),
// the MAC inside or, with encrypt_then_mac (RFC 7366), outside. Not constant in time: what it protects is a diagnosis.
#pragma once

#include "certs/block_cipher.h"
#include "server/flights/tls12_keys.h"

namespace alert40 {

struct CbcAlgorithms {
    BlockCipher cipher{};
    HashAlgorithm mac{};
    HashAlgorithm prf{}; // in TLS 1.2
};

/// nullopt for suites that are not CBC, and for ciphers that are not at hand (Camellia, ARIA, SEED, IDEA, DES).
std::optional<CbcAlgorithms> cbc_algorithms(const CipherSuiteInfo& suite);

/// The records of one direction, with their sequence number.
class CbcProtection {
public:
    struct Keys {
        Bytes mac;
        Bytes cipher;
        Bytes iv; // of the first record, in TLS 1.0; later versions carry theirs
    };

    CbcProtection(CbcAlgorithms algorithms, ProtocolVersion version, bool encrypt_then_mac, Keys keys);

    /// nullopt where padding or MAC is wrong.
    std::optional<Bytes> open(const Record& record);
    /// The whole protected record.
    Bytes seal(ContentType type, ByteView content);

private:
    Bytes mac(ContentType type, ByteView covered) const;
    bool implicit_iv() const { return version_ == ProtocolVersion::tls10; }
    std::optional<Bytes> without_padding(Bytes plaintext) const;
    std::optional<Bytes> decrypt(ByteView fragment);

    CbcAlgorithms algorithms_;
    ProtocolVersion version_;
    bool encrypt_then_mac_;
    Keys keys_;
    std::uint64_t sequence_number_ = 0;
};

struct CbcKeyPair {
    CbcProtection client;
    CbcProtection server;
};

/// Both directions' keys out of the key block. `version` is TLS 1.0, 1.1 or 1.2.
CbcKeyPair cbc_keys(CbcAlgorithms algorithms, ProtocolVersion version, bool encrypt_then_mac, ByteView master,
                    ByteView client_random, ByteView server_random);

} // namespace alert40
