// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/record_protection.h"

namespace alert40 {
namespace {

constexpr std::size_t kNonceLength = 12;

/// RFC 8446, section 5.2: the additional data is the record header.
Bytes header_octets(ContentType type, ProtocolVersion version, std::size_t length)
{
    const auto wire_version = static_cast<std::uint16_t>(version);
    return {static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(wire_version >> 8),
            static_cast<std::uint8_t>(wire_version), static_cast<std::uint8_t>(length >> 8),
            static_cast<std::uint8_t>(length)};
}

} // namespace

std::optional<Tls13Algorithms> tls13_algorithms(CipherSuite suite)
{
    // Open enum: every other value has no TLS 1.3 algorithms.
    if (suite == CipherSuite::TLS_AES_128_GCM_SHA256) return Tls13Algorithms{Aead::aes_128_gcm, HashAlgorithm::sha256};
    if (suite == CipherSuite::TLS_AES_256_GCM_SHA384) return Tls13Algorithms{Aead::aes_256_gcm, HashAlgorithm::sha384};
    if (suite == CipherSuite::TLS_CHACHA20_POLY1305_SHA256)
        return Tls13Algorithms{Aead::chacha20_poly1305, HashAlgorithm::sha256};
    if (suite == CipherSuite::TLS_AES_128_CCM_SHA256) return Tls13Algorithms{Aead::aes_128_ccm, HashAlgorithm::sha256};
    if (suite == CipherSuite::TLS_AES_128_CCM_8_SHA256)
        return Tls13Algorithms{Aead::aes_128_ccm_8, HashAlgorithm::sha256};
    return std::nullopt;
}

RecordProtection::RecordProtection(Tls13Algorithms algorithms, ByteView traffic_secret)
    : algorithms_(algorithms),
      key_(hkdf_expand_label(algorithms.hash, traffic_secret, "key", {}, aead_key_length(algorithms.aead))),
      iv_(hkdf_expand_label(algorithms.hash, traffic_secret, "iv", {}, kNonceLength))
{
}

Bytes RecordProtection::nonce() const
{
    Bytes nonce = iv_;
    for (std::size_t octet = 0; octet < 8; ++octet)
        nonce[kNonceLength - 1 - octet] ^= static_cast<std::uint8_t>(sequence_number_ >> (8 * octet));
    return nonce;
}

std::optional<InnerPlaintext> RecordProtection::open(const Record& record)
{
    const Bytes header = header_octets(record.type, record.version, record.fragment.size());
    auto plaintext = aead_open(algorithms_.aead, key_, nonce(), header, record.fragment);
    if (!plaintext) return std::nullopt;
    ++sequence_number_;
    while (!plaintext->empty() && plaintext->back() == 0) plaintext->pop_back();
    if (plaintext->empty()) return InnerPlaintext{}; // all padding: RFC 8446 5.4 has the receiver abort; we only look
    const auto type = static_cast<ContentType>(plaintext->back());
    plaintext->pop_back();
    return InnerPlaintext{type, std::move(*plaintext)};
}

Bytes RecordProtection::seal(ContentType type, ByteView content, std::size_t padding)
{
    Bytes inner(content.begin(), content.end());
    inner.push_back(static_cast<std::uint8_t>(type));
    inner.resize(inner.size() + padding, 0);
    Bytes record = header_octets(ContentType::application_data, ProtocolVersion::tls12,
                                 inner.size() + aead_tag_length(algorithms_.aead));
    const Bytes sealed = aead_seal(algorithms_.aead, key_, nonce(), record, inner);
    ++sequence_number_;
    append(record, sealed);
    return record;
}

} // namespace alert40
