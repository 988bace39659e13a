// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/client_hello.h"

#include "scenarios/vocabulary/grease.h"
#include "server/wire/client_hello_extensions.h"

#include <algorithm>

namespace alert40 {
namespace {

template <class List, class Value> bool contains(const List& list, const Value& value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

/// Runs one of the readers of client_hello_extensions.h on the body of `type`; what it makes of none or of a malformed
/// one is an empty value.
template <class Value> Value decode(const ClientHello& hello, ExtensionType type, Value (*read)(Reader&))
{
    const auto* extension = find_extension(hello.extensions, type);
    if (extension == nullptr) return {};
    std::optional<WireError> error;
    Reader body("ClientHello", extension->body, error);
    Value value = read(body);
    if (error) return {};
    return value;
}

} // namespace

Parsed<ClientHello> parse_client_hello(ByteView body)
{
    std::optional<WireError> error;
    Reader reader("ClientHello", body, error);
    ClientHello hello;
    hello.legacy_version = ProtocolVersion{reader.u16("legacy_version")};
    const ByteView random = reader.bytes("random", hello.random.size());
    std::copy(random.begin(), random.end(), hello.random.begin());
    const ByteView session_id = reader.vector8("session_id", {.min = 0, .max = 32}).rest();
    hello.session_id.assign(session_id.begin(), session_id.end());
    Reader suites = reader.vector16("cipher_suites", {.min = 2, .max = 0xFFFE});
    hello.cipher_suites.reserve(suites.remaining() / 2);
    while (suites.more()) hello.cipher_suites.push_back(CipherSuite{suites.u16("cipher_suite")});
    const ByteView compression = reader.vector8("compression_methods", {.min = 1, .max = 0xFF}).rest();
    hello.compression_methods.assign(compression.begin(), compression.end());
    // RFC 5246 section 7.4.1.2: "The presence of extensions can be detected by determining whether there are bytes
    // following the compression_methods at the end of the ClientHello."
    if (reader.more()) hello.extensions = read_extensions(reader);
    reader.expect_end();
    if (!error) check_client_hello_extensions(hello.extensions, error);
    if (error) return *std::move(error);
    return hello;
}

Bytes compose_client_hello(const ClientHello& hello)
{
    Writer writer;
    writer.value(hello.legacy_version);
    writer.bytes(hello.random);
    writer.vector8(hello.session_id);
    {
        const auto scope = writer.vector16();
        for (const auto suite : hello.cipher_suites) writer.value(suite);
    }
    writer.vector8(hello.compression_methods);
    if (!hello.extensions.empty()) write_extensions(writer, hello.extensions);
    return writer.take();
}

std::optional<std::string> ClientHello::server_name() const
{
    const auto names = decode(*this, ExtensionType::server_name, read_server_names);
    if (names.empty()) return std::nullopt;
    return names.front();
}

std::vector<ProtocolVersion> ClientHello::supported_versions() const
{
    return decode(*this, ExtensionType::supported_versions, read_supported_versions);
}

std::vector<NamedGroup> ClientHello::groups() const
{
    return decode(*this, ExtensionType::supported_groups, read_supported_groups);
}

std::vector<SignatureScheme> ClientHello::signature_schemes() const
{
    return decode(*this, ExtensionType::signature_algorithms, read_signature_schemes);
}

std::vector<SignatureScheme> ClientHello::signature_schemes_cert() const
{
    return decode(*this, ExtensionType::signature_algorithms_cert, read_signature_schemes);
}

std::vector<std::string> ClientHello::alpn_protocols() const
{
    return decode(*this, ExtensionType::application_layer_protocol_negotiation, read_alpn_protocols);
}

std::vector<KeyShare> ClientHello::key_shares() const
{
    return decode(*this, ExtensionType::key_share, read_key_shares);
}

std::vector<NamedGroup> ClientHello::key_share_groups() const
{
    std::vector<NamedGroup> groups;
    for (const auto& share : key_shares()) groups.push_back(share.group);
    return groups;
}

Bytes ClientHello::psk_key_exchange_modes() const
{
    return decode(*this, ExtensionType::psk_key_exchange_modes, read_psk_key_exchange_modes);
}

bool ClientHello::has_renegotiation_info() const
{
    return has_extension(ExtensionType::renegotiation_info) ||
           contains(cipher_suites, CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
}

bool ClientHello::has_fallback_scsv() const
{
    return contains(cipher_suites, CipherSuite::TLS_FALLBACK_SCSV);
}

std::vector<ProtocolVersion> ClientHello::offered_versions() const
{
    if (has_extension(ExtensionType::supported_versions)) {
        auto versions = supported_versions();
        std::erase_if(versions, [](ProtocolVersion version) { return is_grease(version); });
        return versions;
    }
    // RFC 8446 section 4.2.1: "If this extension is not present, servers [...] MUST negotiate TLS 1.2 or prior [...],
    // even if ClientHello.legacy_version is 0x0304 or later."
    std::vector<ProtocolVersion> versions;
    for (const auto version : all_protocol_versions())
        if (version <= std::min(legacy_version, ProtocolVersion::tls12)) versions.insert(versions.begin(), version);
    return versions;
}

bool ClientHello::offers(ProtocolVersion version) const
{
    return contains(offered_versions(), version);
}

bool ClientHello::offers(CipherSuite suite) const
{
    return contains(cipher_suites, suite);
}

bool ClientHello::offers(NamedGroup group) const
{
    return contains(groups(), group);
}

bool ClientHello::offers(SignatureScheme scheme) const
{
    return contains(signature_schemes(), scheme);
}

bool ClientHello::offers_alpn(std::string_view protocol) const
{
    return contains(alpn_protocols(), protocol);
}

} // namespace alert40
