// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/wire/certificate_message.h"

#include "server/wire/certificate_request.h"
#include "tests/wire/hex_file.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

constexpr auto kTls12 = ProtocolVersion::tls12;
constexpr auto kTls13 = ProtocolVersion::tls13;

template <class T> T value_of(Parsed<T> result)
{
    if (const auto* error = std::get_if<WireError>(&result)) FAIL(error->text);
    return std::get<T>(std::move(result));
}

TEST_CASE("a recorded TLS 1.2 chain is read and written back", "[wire][certificate]")
{
    const Bytes message = read_hex_file("server_message/certificate-tls12.hex");
    const ByteView body = ByteView(message).subspan(4);
    const auto certificate = value_of(parse_certificate_message(body, kTls12));
    REQUIRE(certificate.entries.size() == 2);
    for (const auto& der : certificate.chain()) CHECK(der.at(0) == 0x30);
    CHECK(compose_certificate_message(certificate, kTls12) == Bytes(body.begin(), body.end()));
    for (std::size_t length = 0; length < body.size(); ++length)
        REQUIRE(std::holds_alternative<WireError>(parse_certificate_message(body.first(length), kTls12)));
}

TEST_CASE("TLS 1.3 entries carry extensions and the request's context", "[wire][certificate]")
{
    CertificateMessage message = certificate_message({Bytes(300, 1), Bytes(20, 2)});
    message.request_context = {7, 8};
    message.entries[0].extensions = {{ExtensionType::status_request, {1, 0, 0, 1, 0xFF}}};
    const Bytes body = compose_certificate_message(message, kTls13);
    CHECK(value_of(parse_certificate_message(body, kTls13)) == message);
    for (std::size_t length = 0; length < body.size(); ++length)
        REQUIRE(std::holds_alternative<WireError>(parse_certificate_message(ByteView(body).first(length), kTls13)));
    const auto older = value_of(parse_certificate_message(compose_certificate_message(message, kTls12), kTls12));
    CHECK(older == certificate_message(message.chain()));
}

TEST_CASE("an empty chain is a message, an empty certificate is none", "[wire][certificate]")
{
    const auto version = GENERATE(kTls12, kTls13);
    CHECK(value_of(parse_certificate_message(compose_certificate_message({}, version), version)).entries.empty());
    const Bytes hollow = compose_certificate_message(certificate_message({Bytes{}}), version);
    CHECK(std::holds_alternative<WireError>(parse_certificate_message(hollow, version)));
}

TEST_CASE("a recorded TLS 1.2 CertificateRequest is read and written back", "[wire][certificate]")
{
    const Bytes message = read_hex_file("server_message/certificate_request-tls12.hex");
    const ByteView body = ByteView(message).subspan(4);
    const auto request = value_of(parse_certificate_request(body, kTls12));
    CHECK_FALSE(request.certificate_types.empty());
    CHECK_FALSE(request.signature_schemes.empty());
    CHECK(compose_certificate_request(request, kTls12) == Bytes(body.begin(), body.end()));
    for (std::size_t length = 0; length < body.size(); ++length)
        REQUIRE(std::holds_alternative<WireError>(parse_certificate_request(body.first(length), kTls12)));
}

TEST_CASE("before TLS 1.2 a CertificateRequest has no signature schemes", "[wire][certificate]")
{
    CertificateRequest request;
    request.certificate_types = {1, 64};
    request.authorities = {Bytes{0x30, 0x00}};
    const Bytes body = compose_certificate_request(request, ProtocolVersion::tls11);
    CHECK(to_hex(body) == "02014000040002"
                          "3000");
    CHECK(value_of(parse_certificate_request(body, ProtocolVersion::tls11)) == request);
}

TEST_CASE("a TLS 1.3 CertificateRequest is made of extensions", "[wire][certificate]")
{
    CertificateRequest request;
    request.context = {1};
    request.signature_schemes = {SignatureScheme::ed25519, SignatureScheme::rsa_pss_rsae_sha256};
    request.signature_schemes_cert = {SignatureScheme::rsa_pkcs1_sha256};
    request.authorities = {Bytes{0x30, 0x00}, Bytes{0x30, 0x00}};
    request.other_extensions = {{ExtensionType::oid_filters, {0, 0}}};
    const Bytes body = compose_certificate_request(request, kTls13);
    CHECK(value_of(parse_certificate_request(body, kTls13)) == request);
    for (std::size_t length = 0; length < body.size(); ++length)
        REQUIRE(std::holds_alternative<WireError>(parse_certificate_request(ByteView(body).first(length), kTls13)));
}

} // namespace
} // namespace alert40
