// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/client_hello.h"

#include "scenarios/vocabulary/grease.h"
#include "server/wire/client_hello_extensions.h"
#include "tests/wire/hex_file.h"
#include "tests/wire/rfc8448.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

/// Without the handshake header.
Bytes body_of(ByteView message)
{
    return Bytes(message.begin() + 4, message.end());
}

ClientHello parsed(ByteView body)
{
    auto result = parse_client_hello(body);
    if (const auto* error = std::get_if<WireError>(&result)) FAIL(error->text);
    return std::get<ClientHello>(result);
}

WireError error_of(const ClientHello& hello)
{
    const auto result = parse_client_hello(compose_client_hello(hello));
    REQUIRE(std::holds_alternative<WireError>(result));
    return std::get<WireError>(result);
}

ClientHello real_hello(const std::string& client)
{
    const Bytes record = read_hex_file("client_hello/" + client + ".hex");
    return parsed(ByteView(record).subspan(9));
}

ClientHello small_hello()
{
    ClientHello hello;
    hello.cipher_suites = {CipherSuite{0xC02F}};
    return hello;
}

TEST_CASE("the ClientHello of RFC 8448 is read", "[wire][client_hello]")
{
    const auto hello = parsed(body_of(from_hex(kRfc8448ClientHello)));
    CHECK(hello.legacy_version == ProtocolVersion::tls12);
    CHECK(hello.random[0] == 0xCB);
    CHECK(hello.session_id.empty());
    CHECK(hello.cipher_suites == std::vector{CipherSuite{0x1301}, CipherSuite{0x1303}, CipherSuite{0x1302}});
    CHECK(hello.server_name() == "server");
    CHECK(hello.supported_versions() == std::vector{ProtocolVersion::tls13});
    CHECK(hello.offered_versions() == std::vector{ProtocolVersion::tls13});
    CHECK(hello.groups().size() == 9);
    CHECK(hello.key_share_groups() == std::vector{NamedGroup::x25519});
    CHECK(hello.signature_schemes().size() == 15);
    CHECK(hello.signature_schemes_cert().empty());
    CHECK(hello.alpn_protocols().empty());
    CHECK(hello.psk_key_exchange_modes() == Bytes{1});
    CHECK(hello.has_renegotiation_info());
    CHECK(hello.has_session_ticket());
    CHECK_FALSE(hello.has_extended_master_secret());
    CHECK(hello.offers(NamedGroup::ffdhe8192));
    CHECK(hello.offers(SignatureScheme::dsa_sha1));
    CHECK(hello.offers(CipherSuite::TLS_AES_128_GCM_SHA256));
    CHECK_FALSE(hello.offers(ProtocolVersion::tls12));
}

TEST_CASE("the hellos of real clients survive parsing and composing octet for octet", "[wire][client_hello]")
{
    for (const auto& file : client_hello_files()) {
        CAPTURE(file);
        const Bytes record = read_hex_file(file);
        const ByteView body = ByteView(record).subspan(9);
        CHECK(to_hex(compose_client_hello(parsed(body))) == to_hex(body));
    }
}

TEST_CASE("a hello cut at any byte is a decode_error", "[wire][client_hello]")
{
    for (const auto& file : client_hello_files()) {
        const Bytes record = read_hex_file(file);
        const ByteView body = ByteView(record).subspan(9);
        // Behind the compression methods it is a whole hello without extensions.
        auto bare = parsed(body);
        bare.extensions.clear();
        const std::size_t without_extensions = compose_client_hello(bare).size();
        for (std::size_t length = 0; length < body.size(); ++length) {
            const auto result = parse_client_hello(body.first(length));
            CAPTURE(file, length);
            REQUIRE(std::holds_alternative<WireError>(result) == (length != without_extensions));
            if (const auto* error = std::get_if<WireError>(&result))
                REQUIRE(error->alert == AlertDescription::decode_error);
        }
    }
}

TEST_CASE("a browser's hello is read through its GREASE", "[wire][client_hello]")
{
    const auto hello = real_hello("chromium");
    CHECK(is_grease(hello.cipher_suites.front()));
    CHECK(is_grease(hello.groups().front()));
    CHECK(is_grease(hello.supported_versions().front()));
    CHECK(hello.offered_versions() == std::vector{ProtocolVersion::tls13, ProtocolVersion::tls12});
    CHECK(hello.server_name() == "good.test");
    CHECK(hello.alpn_protocols() == std::vector<std::string>{"h2", "http/1.1"});
    CHECK(hello.offers_alpn("h2"));
    CHECK(hello.offers(NamedGroup::X25519MLKEM768));
    CHECK(hello.key_shares().at(1).key_exchange.size() == 1216);
    CHECK(hello.has_extension(ExtensionType::encrypted_client_hello));
    CHECK(hello.has_status_request());
}

TEST_CASE("a fallback is recognised, and which versions it offers", "[wire][client_hello]")
{
    const auto hello = real_hello("openssl-fallback-scsv");
    CHECK(hello.has_fallback_scsv());
    CHECK_FALSE(hello.has_extension(ExtensionType::supported_versions));
    CHECK(hello.offers(ProtocolVersion::tls12));
    CHECK_FALSE(hello.offers(ProtocolVersion::tls13));
    CHECK_FALSE(real_hello("openssl-without-sni").server_name());
}

TEST_CASE("without supported_versions all versions up to legacy_version are offered", "[wire][client_hello]")
{
    using V = ProtocolVersion;
    CHECK(real_hello("openssl-tls10").offered_versions() == std::vector{V::tls10, V::ssl30});
    auto hello = small_hello();
    hello.legacy_version = V::tls13;
    CHECK(hello.offered_versions() == std::vector{V::tls12, V::tls11, V::tls10, V::ssl30});
    hello.legacy_version = ProtocolVersion{0x0002};
    CHECK(hello.offered_versions().empty());
}

TEST_CASE("the makers of extensions make what the readers read", "[wire][client_hello]")
{
    auto hello = small_hello();
    const std::vector<KeyShare> shares = {{NamedGroup::x25519, Bytes(32, 7)}};
    hello.extensions = {server_name_extension("a.alert40.test"),
                        supported_versions_extension({ProtocolVersion::tls13, ProtocolVersion::tls12}),
                        supported_groups_extension({NamedGroup::x25519}),
                        signature_algorithms_extension({SignatureScheme::ed25519}),
                        signature_algorithms_cert_extension({SignatureScheme::rsa_pkcs1_sha1}),
                        alpn_extension({"h2", "http/1.1"}),
                        key_share_extension(shares),
                        psk_key_exchange_modes_extension(Bytes{1}),
                        renegotiation_info_extension(),
                        extended_master_secret_extension(),
                        ec_point_formats_extension(),
                        status_request_extension(),
                        session_ticket_extension({}),
                        padding_extension(100)};
    CHECK(parsed(compose_client_hello(hello)) == hello);
    CHECK(hello.server_name() == "a.alert40.test");
    CHECK(hello.supported_versions().size() == 2);
    CHECK(hello.groups() == std::vector{NamedGroup::x25519});
    CHECK(hello.signature_schemes() == std::vector{SignatureScheme::ed25519});
    CHECK(hello.signature_schemes_cert() == std::vector{SignatureScheme::rsa_pkcs1_sha1});
    CHECK(hello.alpn_protocols() == std::vector<std::string>{"h2", "http/1.1"});
    CHECK(hello.key_shares() == shares);
}

TEST_CASE("changing an extension changes what the hello says at once", "[wire][client_hello]")
{
    auto hello = real_hello("curl-tls13");
    REQUIRE(hello.server_name());
    const auto count = hello.extensions.size();
    set_extension(hello.extensions, server_name_extension("other.alert40.test"));
    CHECK(hello.server_name() == "other.alert40.test");
    CHECK(hello.extensions.size() == count);
    CHECK(remove_extension(hello.extensions, ExtensionType::server_name));
    CHECK_FALSE(hello.server_name());
    CHECK_FALSE(remove_extension(hello.extensions, ExtensionType::server_name));
}

TEST_CASE("errors of a hello name the field", "[wire][client_hello]")
{
    auto hello = small_hello();
    SECTION("no suites")
    {
        hello.cipher_suites.clear();
        CHECK(error_of(hello).text == "ClientHello.cipher_suites: 0 bytes, allowed are 2 to 65534");
    }
    SECTION("long session id")
    {
        hello.session_id = Bytes(33);
        CHECK(error_of(hello).text == "ClientHello.session_id: 33 bytes, allowed are 0 to 32");
    }
    SECTION("no compression method")
    {
        hello.compression_methods.clear();
        CHECK(error_of(hello).text == "ClientHello.compression_methods: 0 bytes, allowed are 1 to 255");
    }
    SECTION("odd group list")
    {
        hello.extensions = {{ExtensionType::supported_groups, {0, 3, 0, 23, 0}}};
        CHECK(error_of(hello).text == "ClientHello.supported_groups.named_group_list.group: 2 bytes needed, 1 left");
    }
    SECTION("bytes behind a list")
    {
        hello.extensions = {{ExtensionType::supported_versions, {2, 3, 4, 0xFF}}};
        CHECK(error_of(hello).text == "ClientHello.supported_versions: 1 bytes too many");
    }
    SECTION("empty server name")
    {
        hello.extensions = {{ExtensionType::server_name, {}}};
        CHECK(error_of(hello).text == "ClientHello.server_name.server_name_list: 2 bytes needed, 0 left");
    }
}

TEST_CASE("extensions out of order or twice are an illegal_parameter", "[wire][client_hello]")
{
    auto hello = small_hello();
    hello.extensions = {{ExtensionType::pre_shared_key, {1}}, {ExtensionType::early_data, {}}};
    CHECK(error_of(hello).alert == AlertDescription::illegal_parameter);
    hello.extensions = {{ExtensionType::early_data, {}}, {ExtensionType::early_data, {}}};
    CHECK(error_of(hello).alert == AlertDescription::illegal_parameter);
    CHECK(error_of(hello).text == "ClientHello.extensions.extension_type: one type twice");
}

} // namespace
} // namespace alert40
