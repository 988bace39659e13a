// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/tls12_keys.h"

#include "server/wire/writer.h"

namespace alert40 {
namespace {

constexpr std::size_t kMasterSecretLength = 48;
constexpr std::size_t kVerifyDataLength = 12;

Bytes joined(ByteView first, ByteView second)
{
    Bytes both(first.begin(), first.end());
    append(both, second);
    return both;
}

/// P_hash of RFC 5246, section 5.
Bytes p_hash(HashAlgorithm hash, ByteView secret, ByteView seed, std::size_t length)
{
    Bytes output;
    Bytes a(seed.begin(), seed.end()); // A(0)
    while (output.size() < length) {
        a = hmac(hash, secret, a);
        append(output, hmac(hash, secret, joined(a, seed)));
    }
    output.resize(length);
    return output;
}

} // namespace

Bytes tls12_prf(Prf prf, ByteView secret, std::string_view label, ByteView seed, std::size_t length)
{
    const Bytes label_and_seed = joined(to_bytes(label), seed);
    if (prf.hash) return p_hash(*prf.hash, secret, label_and_seed, length);
    // RFC 4346, section 5: each half of the secret, the middle octet in both where there is one.
    const std::size_t half = (secret.size() + 1) / 2;
    Bytes output = p_hash(HashAlgorithm::md5, secret.first(half), label_and_seed, length);
    const Bytes other = p_hash(HashAlgorithm::sha1, secret.last(half), label_and_seed, length);
    for (std::size_t octet = 0; octet < length; ++octet) output[octet] ^= other[octet];
    return output;
}

Bytes handshake_hash(Prf prf, ByteView messages)
{
    if (prf.hash) return hash(*prf.hash, messages);
    return joined(hash(HashAlgorithm::md5, messages), hash(HashAlgorithm::sha1, messages));
}

Bytes master_secret(Prf prf, ByteView premaster, ByteView client_random, ByteView server_random)
{
    return tls12_prf(prf, premaster, "master secret", joined(client_random, server_random), kMasterSecretLength);
}

Bytes extended_master_secret(Prf prf, ByteView premaster, ByteView session_hash)
{
    return tls12_prf(prf, premaster, "extended master secret", session_hash, kMasterSecretLength);
}

Bytes tls12_verify_data(Prf prf, ByteView master, std::string_view label, ByteView transcript_hash)
{
    return tls12_prf(prf, master, label, transcript_hash, kVerifyDataLength);
}

Bytes key_block(Prf prf, ByteView master, ByteView client_random, ByteView server_random, std::size_t length)
{
    return tls12_prf(prf, master, "key expansion", joined(server_random, client_random), length);
}

std::optional<Tls12Algorithms> tls12_algorithms(const CipherSuiteInfo& suite)
{
    if (suite.bulk != BulkKind::aead || !fits(suite, ProtocolVersion::tls12)) return std::nullopt;
    constexpr std::pair<std::string_view, Aead> kAeads[] = {
        {"_AES_128_GCM_", Aead::aes_128_gcm},
        {"_AES_256_GCM_", Aead::aes_256_gcm},
        {"_CHACHA20_POLY1305_", Aead::chacha20_poly1305},
    };
    const std::string_view name = suite.iana_name;
    // RFC 5288, RFC 6655: the PRF's hash is the one at the suite's end, SHA-256 where it names none.
    const auto prf = name.ends_with("_SHA384") ? HashAlgorithm::sha384 : HashAlgorithm::sha256;
    for (const auto& [part, aead] : kAeads)
        if (name.find(part) != std::string_view::npos) return Tls12Algorithms{aead, prf};
    if (name.ends_with("_AES_128_CCM")) return Tls12Algorithms{Aead::aes_128_ccm, prf};
    if (name.ends_with("_AES_128_CCM_8")) return Tls12Algorithms{Aead::aes_128_ccm_8, prf};
    return std::nullopt;
}

Tls12Protection::Tls12Protection(Aead aead, Bytes key, Bytes fixed_iv)
    : aead_(aead),
      key_(std::move(key)),
      fixed_iv_(std::move(fixed_iv))
{
}

Bytes Tls12Protection::nonce(ByteView explicit_part) const
{
    Bytes nonce = joined(fixed_iv_, explicit_part);
    if (!explicit_part.empty()) return nonce;
    for (std::size_t octet = 0; octet < 8; ++octet) // RFC 7905, section 2: xored with the padded sequence number
        nonce[nonce.size() - 1 - octet] ^= static_cast<std::uint8_t>(sequence_number_ >> (8 * octet));
    return nonce;
}

Bytes Tls12Protection::additional_data(ContentType type, std::size_t length) const
{
    // RFC 5246, section 6.2.3.3: seq_num + type + version + length of the plaintext.
    Writer writer;
    for (int shift = 56; shift >= 0; shift -= 8) writer.u8(static_cast<std::uint8_t>(sequence_number_ >> shift));
    writer.value(type);
    writer.value(ProtocolVersion::tls12);
    writer.u16(static_cast<std::uint16_t>(length));
    return writer.take();
}

std::optional<Bytes> Tls12Protection::open(const Record& record)
{
    const ByteView fragment = record.fragment;
    const std::size_t overhead = explicit_length() + aead_tag_length(aead_);
    if (fragment.size() < overhead) return std::nullopt;
    auto plaintext =
        aead_open(aead_, key_, nonce(fragment.first(explicit_length())),
                  additional_data(record.type, fragment.size() - overhead), fragment.subspan(explicit_length()));
    if (plaintext) ++sequence_number_;
    return plaintext;
}

Bytes Tls12Protection::seal(ContentType type, ByteView content)
{
    Writer number; // RFC 5288, section 3: the explicit part may be the sequence number
    for (int shift = 56; shift >= 0; shift -= 8) number.u8(static_cast<std::uint8_t>(sequence_number_ >> shift));
    Bytes fragment = number.take();
    fragment.resize(explicit_length());
    const Bytes sealed = aead_seal(aead_, key_, nonce(fragment), additional_data(type, content.size()), content);
    append(fragment, sealed);
    ++sequence_number_;
    return compose_record(type, ProtocolVersion::tls12, fragment);
}

Tls12KeyPair tls12_keys(Tls12Algorithms algorithms, ByteView master, ByteView client_random, ByteView server_random)
{
    const std::size_t key_length = aead_key_length(algorithms.aead);
    const std::size_t iv_length = algorithms.aead == Aead::chacha20_poly1305 ? 12 : 4;
    const Bytes block =
        key_block(algorithms.hash, master, client_random, server_random, 2 * key_length + 2 * iv_length);
    const auto part = [&](std::size_t offset, std::size_t length) {
        const auto view = ByteView(block).subspan(offset, length);
        return Bytes(view.begin(), view.end());
    };
    return {
        Tls12Protection(algorithms.aead, part(0, key_length), part(2 * key_length, iv_length)),
        Tls12Protection(algorithms.aead, part(key_length, key_length), part(2 * key_length + iv_length, iv_length))};
}

} // namespace alert40
