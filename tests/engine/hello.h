// SPDX-License-Identifier: GPL-2.0-or-later
// ClientHellos for the tests of the engine: what OpenSSL offers by default, to be changed field by field.
#pragma once

#include "certs/crypto.h"
#include "server/wire/client_hello_extensions.h"
#include "server/wire/handshake.h"
#include "server/wire/record.h"

#include <algorithm>

namespace alert40::test {

// CipherSuite names those of TLS 1.3 only.
constexpr CipherSuite kEcdheEcdsaAes128{0xc02b}; // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
constexpr CipherSuite kEcdheEcdsaAes256{0xc02c}; // TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
constexpr CipherSuite kEcdheRsaAes128{0xc02f};   // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
constexpr CipherSuite kDheRsaAes128{0x009e};     // TLS_DHE_RSA_WITH_AES_128_GCM_SHA256

/// What one hello offers; an empty list leaves the extension out.
struct Offer {
    ProtocolVersion legacy_version = ProtocolVersion::tls12;
    std::vector<ProtocolVersion> versions{ProtocolVersion::tls13, ProtocolVersion::tls12};
    std::vector<CipherSuite> cipher_suites{CipherSuite::TLS_AES_128_GCM_SHA256, kEcdheEcdsaAes128, kEcdheRsaAes128,
                                           kDheRsaAes128};
    std::vector<NamedGroup> groups{NamedGroup::x25519, NamedGroup::secp256r1};
    std::vector<SignatureScheme> signature_schemes{SignatureScheme::ecdsa_secp256r1_sha256,
                                                   SignatureScheme::rsa_pss_rsae_sha256,
                                                   SignatureScheme::rsa_pkcs1_sha256};
    std::string server_name = "one.test.localhost";
};

inline ClientHello hello_of(const Offer& offer)
{
    ClientHello hello;
    hello.legacy_version = offer.legacy_version;
    const Bytes random = random_bytes(hello.random.size());
    std::copy(random.begin(), random.end(), hello.random.begin());
    hello.cipher_suites = offer.cipher_suites;
    if (!offer.server_name.empty()) hello.extensions.push_back(server_name_extension(offer.server_name));
    if (!offer.versions.empty()) hello.extensions.push_back(supported_versions_extension(offer.versions));
    if (!offer.groups.empty()) hello.extensions.push_back(supported_groups_extension(offer.groups));
    if (!offer.signature_schemes.empty())
        hello.extensions.push_back(signature_algorithms_extension(offer.signature_schemes));
    return hello;
}

/// A record with the whole hello.
inline Bytes hello_record(const ClientHello& hello)
{
    const Bytes message = compose_handshake(HandshakeType::client_hello, compose_client_hello(hello));
    return compose_records(ContentType::handshake, ProtocolVersion{0x0301}, message);
}

/// A function of its own: g++ 12.2 refuses Offer's initialisers inside a co_await expression ("array used as
/// initializer").
inline Bytes default_hello()
{
    return hello_record(hello_of({}));
}

} // namespace alert40::test
