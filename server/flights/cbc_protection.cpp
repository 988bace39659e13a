// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/cbc_protection.h"

#include "server/wire/writer.h"

#include <algorithm>

namespace alert40 {
namespace {

Bytes copy(ByteView bytes)
{
    return Bytes(bytes.begin(), bytes.end());
}

std::size_t mac_length(const CbcAlgorithms& algorithms)
{
    return hash(algorithms.mac, {}).size();
}

} // namespace

std::optional<CbcAlgorithms> cbc_algorithms(const CipherSuiteInfo& suite)
{
    if (suite.bulk != BulkKind::cbc) return std::nullopt;
    constexpr std::pair<std::string_view, BlockCipher> kCiphers[] = {{"_AES_128_CBC_", BlockCipher::aes_128},
                                                                     {"_AES_256_CBC_", BlockCipher::aes_256},
                                                                     {"_3DES_EDE_CBC_", BlockCipher::triple_des}};
    const std::string_view name = suite.iana_name;
    for (const auto& [part, cipher] : kCiphers) {
        if (name.find(part) == std::string_view::npos) continue;
        // RFC 5246, section 5: a suite that names no other hash has SHA-256 for its PRF.
        if (name.ends_with("_SHA384")) return CbcAlgorithms{cipher, HashAlgorithm::sha384, HashAlgorithm::sha384};
        if (name.ends_with("_SHA256")) return CbcAlgorithms{cipher, HashAlgorithm::sha256, HashAlgorithm::sha256};
        if (name.ends_with("_SHA")) return CbcAlgorithms{cipher, HashAlgorithm::sha1, HashAlgorithm::sha256};
    }
    return std::nullopt;
}

CbcProtection::CbcProtection(CbcAlgorithms algorithms, ProtocolVersion version, bool encrypt_then_mac, Keys keys)
    : algorithms_(algorithms),
      version_(version),
      encrypt_then_mac_(encrypt_then_mac),
      keys_(std::move(keys))
{
}

/// MAC(seq_num + type + version + length + covered).
Bytes CbcProtection::mac(ContentType type, ByteView covered) const
{
    Writer writer;
    for (int shift = 56; shift >= 0; shift -= 8) writer.u8(static_cast<std::uint8_t>(sequence_number_ >> shift));
    writer.value(type);
    writer.value(version_);
    writer.vector16(covered);
    return hmac(algorithms_.mac, keys_.mac, writer.take());
}

/// The last octet says how many like it stand before it.
std::optional<Bytes> CbcProtection::without_padding(Bytes plaintext) const
{
    if (plaintext.empty()) return std::nullopt;
    const std::size_t padding = std::size_t{plaintext.back()} + 1;
    if (padding > plaintext.size()) return std::nullopt;
    const bool even = std::all_of(plaintext.end() - static_cast<std::ptrdiff_t>(padding), plaintext.end(),
                                  [&](std::uint8_t each) { return each + 1U == padding; });
    if (!even) return std::nullopt;
    plaintext.resize(plaintext.size() - padding);
    return plaintext;
}

/// IV and ciphertext, without a MAC behind them, to what stood before the padding.
std::optional<Bytes> CbcProtection::decrypt(ByteView fragment)
{
    const std::size_t block = block_length(algorithms_.cipher);
    if (fragment.size() % block != 0 || fragment.size() < (implicit_iv() ? block : 2 * block)) return std::nullopt;
    const Bytes iv = implicit_iv() ? keys_.iv : copy(fragment.first(block));
    const ByteView ciphertext = implicit_iv() ? fragment : fragment.subspan(block);
    if (implicit_iv()) keys_.iv = copy(ciphertext.last(block));
    return without_padding(cbc_decrypt(algorithms_.cipher, keys_.cipher, iv, ciphertext));
}

std::optional<Bytes> CbcProtection::open(const Record& record)
{
    const std::size_t tag = mac_length(algorithms_);
    ByteView fragment = record.fragment;
    if (fragment.size() < tag) return std::nullopt;
    if (encrypt_then_mac_) {
        const ByteView covered = fragment.first(fragment.size() - tag);
        if (mac(record.type, covered) != copy(fragment.last(tag))) return std::nullopt;
        fragment = covered;
    }
    auto plaintext = decrypt(fragment);
    if (!plaintext) return std::nullopt;
    if (!encrypt_then_mac_) {
        if (plaintext->size() < tag) return std::nullopt;
        const Bytes sent = copy(ByteView(*plaintext).last(tag));
        plaintext->resize(plaintext->size() - tag);
        if (mac(record.type, *plaintext) != sent) return std::nullopt;
    }
    ++sequence_number_;
    return plaintext;
}

Bytes CbcProtection::seal(ContentType type, ByteView content)
{
    const std::size_t block = block_length(algorithms_.cipher);
    Bytes plaintext = copy(content);
    if (!encrypt_then_mac_) append(plaintext, mac(type, content));
    const std::size_t padding = block - plaintext.size() % block;
    plaintext.resize(plaintext.size() + padding, static_cast<std::uint8_t>(padding - 1));
    const Bytes iv = implicit_iv() ? keys_.iv : random_bytes(block);
    const Bytes ciphertext = cbc_encrypt(algorithms_.cipher, keys_.cipher, iv, plaintext);
    Bytes fragment = implicit_iv() ? Bytes() : iv;
    append(fragment, ciphertext);
    if (implicit_iv()) keys_.iv = copy(ByteView(ciphertext).last(block));
    if (encrypt_then_mac_) append(fragment, mac(type, fragment));
    ++sequence_number_;
    return compose_record(type, version_, fragment);
}

CbcKeyPair cbc_keys(CbcAlgorithms algorithms, ProtocolVersion version, bool encrypt_then_mac, ByteView master,
                    ByteView client_random, ByteView server_random)
{
    const Prf prf = version == ProtocolVersion::tls12 ? Prf(algorithms.prf) : Prf::of_tls10();
    const std::size_t mac = mac_length(algorithms);
    const std::size_t key = key_length(algorithms.cipher);
    const std::size_t iv = block_length(algorithms.cipher);
    const Bytes block = key_block(prf, master, client_random, server_random, 2 * (mac + key + iv));
    const auto side = [&](std::size_t number) { // 0 the client's, 1 the server's
        const ByteView all = block;
        return CbcProtection::Keys{copy(all.subspan(number * mac, mac)), copy(all.subspan(2 * mac + number * key, key)),
                                   copy(all.subspan(2 * (mac + key) + number * iv, iv))};
    };
    return {CbcProtection(algorithms, version, encrypt_then_mac, side(0)),
            CbcProtection(algorithms, version, encrypt_then_mac, side(1))};
}

} // namespace alert40
