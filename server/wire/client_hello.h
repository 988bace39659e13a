// SPDX-License-Identifier: GPL-2.0-or-later
// ClientHello (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2). The fields are those of the wire, GREASE included;
// the member functions decode extensions on each call, so that they are right after every change to `extensions`.
// client_hello_extensions.h makes extension bodies.
#pragma once

#include "certs/bytes.h"
#include "scenarios/vocabulary/cipher_suite.h"
#include "scenarios/vocabulary/named_group.h"
#include "scenarios/vocabulary/protocol_version.h"
#include "scenarios/vocabulary/signature_scheme.h"
#include "server/wire/extension.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace alert40 {

struct KeyShare {
    NamedGroup group{};
    Bytes key_exchange;

    bool operator==(const KeyShare&) const = default;
};

struct ClientHello {
    ProtocolVersion legacy_version = ProtocolVersion::tls12;
    std::array<std::uint8_t, 32> random{};
    Bytes session_id;
    std::vector<CipherSuite> cipher_suites;
    Bytes compression_methods = {0};
    std::vector<Extension> extensions;

    bool operator==(const ClientHello&) const = default;

    bool has_extension(ExtensionType type) const { return find_extension(extensions, type) != nullptr; }

    // Each yields nullopt or an empty list when the extension is absent or its body is malformed; parse_client_hello
    // lets no malformed one through.
    std::optional<std::string> server_name() const;          // the first host_name, octets as sent
    std::vector<ProtocolVersion> supported_versions() const; // the extension alone; see offered_versions
    std::vector<NamedGroup> groups() const;                  // supported_groups
    std::vector<SignatureScheme> signature_schemes() const;  // signature_algorithms
    std::vector<SignatureScheme> signature_schemes_cert() const;
    std::vector<std::string> alpn_protocols() const;
    std::vector<KeyShare> key_shares() const;
    std::vector<NamedGroup> key_share_groups() const;
    Bytes psk_key_exchange_modes() const;

    bool has_renegotiation_info() const; // the extension or the SCSV (RFC 5746)
    bool has_fallback_scsv() const;      // RFC 7507
    bool has_extended_master_secret() const { return has_extension(ExtensionType::extended_master_secret); }
    bool has_session_ticket() const { return has_extension(ExtensionType::session_ticket); } // empty: asks for one
    bool has_pre_shared_key() const { return has_extension(ExtensionType::pre_shared_key); }
    bool has_early_data() const { return has_extension(ExtensionType::early_data); }
    bool has_status_request() const { return has_extension(ExtensionType::status_request); }

    /// What the hello really offers, without GREASE: supported_versions in the client's order where it is sent, else
    /// everything from min(legacy_version, TLS 1.2) down to SSL 3.0 (RFC 8446 section 4.2.1).
    std::vector<ProtocolVersion> offered_versions() const;

    bool offers(ProtocolVersion version) const;
    bool offers(CipherSuite suite) const;
    bool offers(NamedGroup group) const;
    bool offers(SignatureScheme scheme) const; // in signature_algorithms
    bool offers_alpn(std::string_view protocol) const;
};

/// Parses the body of a handshake message of type client_hello. Strict: every length, also inside the extensions that
/// the functions above decode. The error's text names the field.
Parsed<ClientHello> parse_client_hello(ByteView body);

/// The body, without handshake header: parse_client_hello(compose_client_hello(x)) == x for every x that can be parsed.
/// Without extensions there is no extension block at all.
Bytes compose_client_hello(const ClientHello& hello);

} // namespace alert40
