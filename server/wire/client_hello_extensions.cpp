// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/client_hello_extensions.h"

namespace alert40 {
namespace {

constexpr std::uint8_t kHostName = 0;     // RFC 6066 section 3: NameType
constexpr std::uint8_t kOcsp = 1;         // RFC 6066 section 8: CertificateStatusType
constexpr std::uint8_t kUncompressed = 0; // RFC 8422 section 5.1.2: ECPointFormat

/// Reads a vector of 16-bit values to the end.
template <class Value> std::vector<Value> read_values(Reader list, std::string_view field)
{
    std::vector<Value> values;
    values.reserve(list.remaining() / 2);
    while (list.more()) values.push_back(Value{list.u16(field)});
    return values;
}

template <class Value> Extension values_extension(ExtensionType type, const std::vector<Value>& values)
{
    Writer writer;
    {
        const auto scope = writer.vector16();
        for (const auto value : values) writer.value(value);
    }
    return {type, writer.take()};
}

void check_extension(const Extension& extension, std::optional<WireError>& error)
{
    using Type = ExtensionType;
    const auto check = [&](std::string_view name, auto read) {
        Reader body(name, extension.body, error);
        read(body);
    };
    if (extension.type == Type::server_name) check("ClientHello.server_name", read_server_names);
    if (extension.type == Type::supported_versions) check("ClientHello.supported_versions", read_supported_versions);
    if (extension.type == Type::supported_groups) check("ClientHello.supported_groups", read_supported_groups);
    if (extension.type == Type::signature_algorithms) check("ClientHello.signature_algorithms", read_signature_schemes);
    if (extension.type == Type::signature_algorithms_cert)
        check("ClientHello.signature_algorithms_cert", read_signature_schemes);
    if (extension.type == Type::application_layer_protocol_negotiation)
        check("ClientHello.application_layer_protocol_negotiation", read_alpn_protocols);
    if (extension.type == Type::key_share) check("ClientHello.key_share", read_key_shares);
    if (extension.type == Type::psk_key_exchange_modes)
        check("ClientHello.psk_key_exchange_modes", read_psk_key_exchange_modes);
    if (extension.type == Type::renegotiation_info) check("ClientHello.renegotiation_info", read_renegotiation_info);
}

} // namespace

std::vector<std::string> read_server_names(Reader& body)
{
    std::vector<std::string> names;
    Reader list = body.vector16("server_name_list", {.min = 1});
    while (list.more()) {
        const std::uint8_t type = list.u8("name_type");
        // RFC 6066 section 3: names of every type to come "MUST begin with a 16-bit length field", so skip those.
        const std::string host_name = to_text(list.vector16("host_name", {.min = 1}).rest());
        if (type == kHostName) names.push_back(host_name);
    }
    body.expect_end();
    return names;
}

std::vector<ProtocolVersion> read_supported_versions(Reader& body)
{
    auto versions = read_values<ProtocolVersion>(body.vector8("versions", {.min = 2, .max = 254}), "version");
    body.expect_end();
    return versions;
}

std::vector<NamedGroup> read_supported_groups(Reader& body)
{
    auto groups = read_values<NamedGroup>(body.vector16("named_group_list", {.min = 2}), "group");
    body.expect_end();
    return groups;
}

std::vector<SignatureScheme> read_signature_schemes(Reader& body)
{
    auto schemes = read_values<SignatureScheme>(
        body.vector16("supported_signature_algorithms", {.min = 2, .max = 0xFFFE}), "scheme");
    body.expect_end();
    return schemes;
}

std::vector<std::string> read_alpn_protocols(Reader& body)
{
    std::vector<std::string> protocols;
    Reader list = body.vector16("protocol_name_list", {.min = 2});
    while (list.more()) protocols.push_back(to_text(list.vector8("protocol_name", {.min = 1}).rest()));
    body.expect_end();
    return protocols;
}

std::vector<KeyShare> read_key_shares(Reader& body)
{
    std::vector<KeyShare> shares;
    Reader list = body.vector16("client_shares"); // empty: the client asks for a HelloRetryRequest
    while (list.more()) {
        const auto group = NamedGroup{list.u16("group")};
        const ByteView key_exchange = list.vector16("key_exchange", {.min = 1}).rest();
        shares.push_back({group, Bytes(key_exchange.begin(), key_exchange.end())});
    }
    body.expect_end();
    return shares;
}

Bytes read_psk_key_exchange_modes(Reader& body)
{
    const ByteView modes = body.vector8("ke_modes", {.min = 1}).rest();
    body.expect_end();
    return Bytes(modes.begin(), modes.end());
}

Bytes read_renegotiation_info(Reader& body)
{
    const ByteView connection = body.vector8("renegotiated_connection").rest();
    body.expect_end();
    return Bytes(connection.begin(), connection.end());
}

void check_client_hello_extensions(const std::vector<Extension>& extensions, std::optional<WireError>& error)
{
    for (const auto& extension : extensions) {
        check_extension(extension, error);
        if (error) return;
    }
    // RFC 8446 section 4.2.11: "Servers MUST check that it is the last extension and otherwise fail the handshake with
    // an "illegal_parameter" alert."
    if (find_extension(extensions, ExtensionType::pre_shared_key) != nullptr &&
        extensions.back().type != ExtensionType::pre_shared_key)
        error = WireError{AlertDescription::illegal_parameter, "ClientHello.pre_shared_key: not the last extension"};
}

Extension server_name_extension(std::string_view host_name)
{
    Writer writer;
    {
        const auto list = writer.vector16();
        writer.u8(kHostName);
        writer.vector16(to_bytes(host_name));
    }
    return {ExtensionType::server_name, writer.take()};
}

Extension supported_versions_extension(const std::vector<ProtocolVersion>& versions)
{
    Writer writer;
    {
        const auto list = writer.vector8();
        for (const auto version : versions) writer.value(version);
    }
    return {ExtensionType::supported_versions, writer.take()};
}

Extension supported_groups_extension(const std::vector<NamedGroup>& groups)
{
    return values_extension(ExtensionType::supported_groups, groups);
}

Extension signature_algorithms_extension(const std::vector<SignatureScheme>& schemes)
{
    return values_extension(ExtensionType::signature_algorithms, schemes);
}

Extension signature_algorithms_cert_extension(const std::vector<SignatureScheme>& schemes)
{
    return values_extension(ExtensionType::signature_algorithms_cert, schemes);
}

Extension alpn_extension(const std::vector<std::string>& protocols)
{
    Writer writer;
    {
        const auto list = writer.vector16();
        for (const auto& protocol : protocols) writer.vector8(to_bytes(protocol));
    }
    return {ExtensionType::application_layer_protocol_negotiation, writer.take()};
}

Extension key_share_extension(const std::vector<KeyShare>& shares)
{
    Writer writer;
    {
        const auto list = writer.vector16();
        for (const auto& share : shares) {
            writer.value(share.group);
            writer.vector16(share.key_exchange);
        }
    }
    return {ExtensionType::key_share, writer.take()};
}

Extension psk_key_exchange_modes_extension(ByteView modes)
{
    Writer writer;
    writer.vector8(modes);
    return {ExtensionType::psk_key_exchange_modes, writer.take()};
}

Extension renegotiation_info_extension()
{
    return {ExtensionType::renegotiation_info, {0}};
}

Extension extended_master_secret_extension()
{
    return {ExtensionType::extended_master_secret, {}};
}

Extension ec_point_formats_extension()
{
    return {ExtensionType::ec_point_formats, {1, kUncompressed}};
}

Extension status_request_extension()
{
    return {ExtensionType::status_request, {kOcsp, 0, 0, 0, 0}};
}

Extension session_ticket_extension(ByteView ticket)
{
    return {ExtensionType::session_ticket, Bytes(ticket.begin(), ticket.end())};
}

Extension padding_extension(std::size_t length)
{
    return {ExtensionType::padding, Bytes(length)};
}

} // namespace alert40
