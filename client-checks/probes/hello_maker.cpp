// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/hello_maker.h"

#include "certs/crypto.h"
#include "scenarios/vocabulary/grease.h"
#include "server/wire/client_hello_extensions.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr std::size_t kSessionId = 32;
constexpr std::uint8_t kPskWithDhe = 1; // psk_dhe_ke, RFC 8446 section 4.2.9

std::vector<CipherSuite> modern_suites()
{
    constexpr std::uint16_t kValues[] = {0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8,
                                         0xC009, 0xC013, 0xC00A, 0xC014, 0x009C, 0x009D, 0x002F, 0x0035};
    std::vector<CipherSuite> suites;
    for (const auto value : kValues) suites.push_back(static_cast<CipherSuite>(value));
    return suites;
}

std::vector<SignatureScheme> modern_schemes()
{
    using enum SignatureScheme;
    return {ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256, rsa_pkcs1_sha256,    ecdsa_secp384r1_sha384,
            rsa_pss_rsae_sha384,    rsa_pkcs1_sha384,    rsa_pss_rsae_sha512, rsa_pkcs1_sha512};
}

std::optional<EcdhGroup> curve_of(NamedGroup group)
{
    constexpr std::pair<NamedGroup, EcdhGroup> kCurves[] = {{NamedGroup::secp256r1, EcdhGroup::secp256r1},
                                                            {NamedGroup::secp384r1, EcdhGroup::secp384r1},
                                                            {NamedGroup::secp521r1, EcdhGroup::secp521r1},
                                                            {NamedGroup::x25519, EcdhGroup::x25519},
                                                            {NamedGroup::x448, EcdhGroup::x448}};
    for (const auto& [known, curve] : kCurves)
        if (known == group) return curve;
    return std::nullopt;
}

/// An ML-KEM encapsulation key of rank `rank` that passes FIPS 203's modulus check (section 7.2): 256 coefficients
/// below 3329 for each of `rank` polynomials, 12 bits each, and a seed. Nobody can decapsulate with it.
Bytes encapsulation_key(std::size_t rank)
{
    constexpr unsigned kModulus = 3329;
    constexpr std::size_t kPairs = 128;
    const Bytes chance = random_bytes(rank * kPairs * 4);
    Bytes key;
    for (std::size_t at = 0; at < chance.size(); at += 4) {
        const unsigned first = (chance[at] * 256U + chance[at + 1]) % kModulus;
        const unsigned second = (chance[at + 2] * 256U + chance[at + 3]) % kModulus;
        key.push_back(static_cast<std::uint8_t>(first & 0xFF));
        key.push_back(static_cast<std::uint8_t>((first >> 8) | ((second & 0xF) << 4)));
        key.push_back(static_cast<std::uint8_t>(second >> 4));
    }
    append(key, random_bytes(32));
    return key;
}

Bytes joined(Bytes left, const Bytes& right)
{
    append(left, right);
    return left;
}

/// A number of RFC 7919's groups below each of their primes, whose first 64 bits are ones.
Bytes finite_field_value(std::size_t octets)
{
    Bytes value = random_bytes(octets);
    value.front() = 0x40;
    return value;
}

std::vector<KeyShare> with_fresh_values(std::vector<KeyShare> shares)
{
    for (auto& share : shares) {
        if (is_grease(share.group)) continue;
        auto value = public_value(share.group);
        share.key_exchange = value ? *std::move(value) : random_bytes(share.key_exchange.size());
    }
    return shares;
}

} // namespace

std::optional<Bytes> public_value(NamedGroup group)
{
    constexpr std::size_t kRank768 = 3;
    constexpr std::size_t kRank1024 = 4;
    if (const auto curve = curve_of(group)) return ephemeral_public_value(*curve);
    if (group == NamedGroup::X25519MLKEM768) // draft-ietf-tls-ecdhe-mlkem: the ML-KEM key first
        return joined(encapsulation_key(kRank768), ephemeral_public_value(EcdhGroup::x25519));
    if (group == NamedGroup::SecP256r1MLKEM768)
        return joined(ephemeral_public_value(EcdhGroup::secp256r1), encapsulation_key(kRank768));
    if (group == NamedGroup::SecP384r1MLKEM1024)
        return joined(ephemeral_public_value(EcdhGroup::secp384r1), encapsulation_key(kRank1024));
    if (group == NamedGroup::MLKEM768) return encapsulation_key(kRank768);
    if (group == NamedGroup::MLKEM1024) return encapsulation_key(kRank1024);
    constexpr std::pair<NamedGroup, std::size_t> kPrimes[] = {{NamedGroup::ffdhe2048, 256},
                                                              {NamedGroup::ffdhe3072, 384},
                                                              {NamedGroup::ffdhe4096, 512},
                                                              {NamedGroup::ffdhe6144, 768},
                                                              {NamedGroup::ffdhe8192, 1024}};
    for (const auto& [prime, octets] : kPrimes)
        if (prime == group) return finite_field_value(octets);
    return std::nullopt;
}

ClientHello modern_hello(const std::optional<std::string>& server_name)
{
    ClientHello hello;
    hello.session_id = Bytes(kSessionId);
    hello.cipher_suites = modern_suites();
    auto& extensions = hello.extensions;
    if (server_name) extensions.push_back(server_name_extension(*server_name));
    extensions.push_back(extended_master_secret_extension());
    extensions.push_back(renegotiation_info_extension());
    extensions.push_back(
        supported_groups_extension({NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1}));
    extensions.push_back(ec_point_formats_extension());
    extensions.push_back(session_ticket_extension({}));
    extensions.push_back(alpn_extension({"h2", "http/1.1"}));
    extensions.push_back(status_request_extension());
    extensions.push_back(signature_algorithms_extension(modern_schemes()));
    extensions.push_back(key_share_extension({{NamedGroup::x25519, *public_value(NamedGroup::x25519)},
                                              {NamedGroup::secp256r1, *public_value(NamedGroup::secp256r1)}}));
    extensions.push_back(psk_key_exchange_modes_extension(Bytes{kPskWithDhe}));
    extensions.push_back(supported_versions_extension({ProtocolVersion::tls13, ProtocolVersion::tls12}));
    return fresh(std::move(hello));
}

ClientHello fresh(ClientHello hello)
{
    const Bytes random = random_bytes(hello.random.size());
    std::copy(random.begin(), random.end(), hello.random.begin());
    hello.session_id = random_bytes(hello.session_id.size());
    if (hello.has_extension(ExtensionType::key_share))
        set_extension(hello.extensions, key_share_extension(with_fresh_values(hello.key_shares())));
    if (auto* ticket = find_extension(hello.extensions, ExtensionType::session_ticket)) ticket->body.clear();
    remove_extension(hello.extensions, ExtensionType::pre_shared_key);
    remove_extension(hello.extensions, ExtensionType::early_data);
    return hello;
}

ClientHello with_server_name(ClientHello hello, const std::optional<std::string>& name)
{
    if (!name)
        remove_extension(hello.extensions, ExtensionType::server_name);
    else if (hello.has_extension(ExtensionType::server_name))
        set_extension(hello.extensions, server_name_extension(*name));
    else // in front: a pre_shared_key must stay the last one (RFC 8446 section 4.2.11)
        hello.extensions.insert(hello.extensions.begin(), server_name_extension(*name));
    return hello;
}

std::optional<ClientHello> retried(const ClientHello& first, const ServerHello& retry_request)
{
    ClientHello second = first;
    if (const auto group = retry_request.key_share_group()) {
        if (!first.offers(*group)) return std::nullopt;
        auto value = public_value(*group);
        if (!value) return std::nullopt;
        set_extension(second.extensions, key_share_extension({{*group, *std::move(value)}}));
    }
    if (const auto* cookie = find_extension(retry_request.extensions, ExtensionType::cookie))
        second.extensions.push_back(*cookie);
    remove_extension(second.extensions, ExtensionType::early_data);
    return second;
}

} // namespace alert40
