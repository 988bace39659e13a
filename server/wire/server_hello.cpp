// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/server_hello.h"

#include <algorithm>

namespace alert40 {

const std::array<std::uint8_t, 32> kHelloRetryRequestRandom = {
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};

namespace {

// RFC 8446 section 4.1.3: "DOWNGRD" and the version, in the last 8 bytes of the random.
constexpr std::array<std::uint8_t, 8> kSentinelTls12 = {0x44, 0x4F, 0x57, 0x4E, 0x47, 0x52, 0x44, 0x01};
constexpr std::array<std::uint8_t, 8> kSentinelTls11 = {0x44, 0x4F, 0x57, 0x4E, 0x47, 0x52, 0x44, 0x00};

bool ends_with(const std::array<std::uint8_t, 32>& random, const std::array<std::uint8_t, 8>& sentinel)
{
    return std::equal(sentinel.begin(), sentinel.end(), random.end() - sentinel.size());
}

ProtocolVersion read_selected_version(Reader& body)
{
    const auto version = ProtocolVersion{body.u16("selected_version")};
    body.expect_end();
    return version;
}

NamedGroup read_server_share(Reader& body)
{
    const auto group = NamedGroup{body.u16("group")};
    body.vector16("key_exchange", {.min = 1});
    body.expect_end();
    return group;
}

NamedGroup read_retry_group(Reader& body)
{
    const auto group = NamedGroup{body.u16("selected_group")};
    body.expect_end();
    return group;
}

std::string read_selected_alpn(Reader& body)
{
    // RFC 7301 section 3.1: the list "MUST contain exactly one "ProtocolName"".
    Reader list = body.vector16("protocol_name_list", {.min = 2});
    const std::string protocol = to_text(list.vector8("protocol_name", {.min = 1}).rest());
    list.expect_end();
    body.expect_end();
    return protocol;
}

template <class Value>
std::optional<Value> decode(const ServerHello& hello, ExtensionType type, std::string_view field,
                            std::optional<WireError>& error, Value (*read)(Reader&))
{
    const auto* extension = find_extension(hello.extensions, type);
    if (extension == nullptr) return std::nullopt;
    Reader body(field, extension->body, error);
    Value value = read(body);
    if (error) return std::nullopt;
    return value;
}

std::optional<ProtocolVersion> supported_version(const ServerHello& hello, std::optional<WireError>& error)
{
    return decode(hello, ExtensionType::supported_versions, "ServerHello.supported_versions", error,
                  read_selected_version);
}

std::optional<NamedGroup> share_group(const ServerHello& hello, std::optional<WireError>& error)
{
    return decode(hello, ExtensionType::key_share, "ServerHello.key_share", error,
                  hello.is_hello_retry_request() ? read_retry_group : read_server_share);
}

std::optional<std::string> selected_alpn(const ServerHello& hello, std::optional<WireError>& error)
{
    return decode(hello, ExtensionType::application_layer_protocol_negotiation,
                  "ServerHello.application_layer_protocol_negotiation", error, read_selected_alpn);
}

} // namespace

Parsed<ServerHello> parse_server_hello(ByteView body)
{
    std::optional<WireError> error;
    Reader reader("ServerHello", body, error);
    ServerHello hello;
    hello.legacy_version = ProtocolVersion{reader.u16("legacy_version")};
    const ByteView random = reader.bytes("random", hello.random.size());
    std::copy(random.begin(), random.end(), hello.random.begin());
    const ByteView session_id = reader.vector8("session_id", {.min = 0, .max = 32}).rest();
    hello.session_id.assign(session_id.begin(), session_id.end());
    hello.cipher_suite = CipherSuite{reader.u16("cipher_suite")};
    hello.compression_method = reader.u8("compression_method");
    if (reader.more()) hello.extensions = read_extensions(reader);
    reader.expect_end();
    if (!error) supported_version(hello, error);
    if (!error) share_group(hello, error);
    if (!error) selected_alpn(hello, error);
    if (error) return *std::move(error);
    return hello;
}

Bytes compose_server_hello(const ServerHello& hello)
{
    Writer writer;
    writer.value(hello.legacy_version);
    writer.bytes(hello.random);
    writer.vector8(hello.session_id);
    writer.value(hello.cipher_suite);
    writer.u8(hello.compression_method);
    if (!hello.extensions.empty()) write_extensions(writer, hello.extensions);
    return writer.take();
}

ProtocolVersion ServerHello::selected_version() const
{
    std::optional<WireError> ignored;
    return supported_version(*this, ignored).value_or(legacy_version);
}

std::optional<NamedGroup> ServerHello::key_share_group() const
{
    std::optional<WireError> ignored;
    return share_group(*this, ignored);
}

std::optional<std::string> ServerHello::alpn_protocol() const
{
    std::optional<WireError> ignored;
    return selected_alpn(*this, ignored);
}

DowngradeSentinel ServerHello::downgrade_sentinel() const
{
    if (ends_with(random, kSentinelTls12)) return DowngradeSentinel::tls12;
    if (ends_with(random, kSentinelTls11)) return DowngradeSentinel::tls11_or_below;
    return DowngradeSentinel::none;
}

void ServerHello::set_downgrade_sentinel(DowngradeSentinel sentinel)
{
    if (sentinel == DowngradeSentinel::none) return;
    const auto& bytes = sentinel == DowngradeSentinel::tls12 ? kSentinelTls12 : kSentinelTls11;
    std::copy(bytes.begin(), bytes.end(), random.end() - bytes.size());
}

Extension selected_version_extension(ProtocolVersion version)
{
    Writer writer;
    writer.value(version);
    return {ExtensionType::supported_versions, writer.take()};
}

Extension server_key_share_extension(const KeyShare& share)
{
    Writer writer;
    writer.value(share.group);
    writer.vector16(share.key_exchange);
    return {ExtensionType::key_share, writer.take()};
}

Extension retry_group_extension(NamedGroup group)
{
    Writer writer;
    writer.value(group);
    return {ExtensionType::key_share, writer.take()};
}

Extension selected_alpn_extension(std::string_view protocol)
{
    Writer writer;
    {
        const auto list = writer.vector16();
        writer.vector8(to_bytes(protocol));
    }
    return {ExtensionType::application_layer_protocol_negotiation, writer.take()};
}

} // namespace alert40
