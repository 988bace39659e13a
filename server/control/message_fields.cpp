// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/control/message_fields.h"

#include "certs/certificate.h"
#include "server/wire/certificate_message.h"
#include "server/wire/certificate_request.h"
#include "server/wire/client_hello.h"
#include "server/wire/client_hello_extensions.h"
#include "server/wire/server_hello.h"
#include "server/wire/server_key_exchange.h"

#include <fmt/chrono.h>
#include <map>
#include <mutex>

namespace alert40 {
namespace {

std::string hex(ByteView bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const auto octet : bytes) {
        text += kDigits[octet >> 4U];
        text += kDigits[octet & 15U];
    }
    return text;
}

std::string date(std::chrono::system_clock::time_point time)
{
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

/// The name of an object identifier, where it is one that certificates have every day; else its numbers.
std::string oid_name(const std::string& oid)
{
    static const std::map<std::string, std::string> kNames = {
        {"1.2.840.113549.1.1.4", "md5WithRSAEncryption"},
        {"1.2.840.113549.1.1.5", "sha1WithRSAEncryption"}, // RFC 3279
        {"1.2.840.113549.1.1.10", "id-RSASSA-PSS"},
        {"1.2.840.113549.1.1.11", "sha256WithRSAEncryption"}, // RFC 4055
        {"1.2.840.113549.1.1.12", "sha384WithRSAEncryption"},
        {"1.2.840.113549.1.1.13", "sha512WithRSAEncryption"},
        {"1.2.840.10045.4.1", "ecdsa-with-SHA1"},
        {"1.2.840.10045.4.3.2", "ecdsa-with-SHA256"}, // RFC 5758
        {"1.2.840.10045.4.3.3", "ecdsa-with-SHA384"},
        {"1.2.840.10045.4.3.4", "ecdsa-with-SHA512"},
        {"1.3.101.112", "id-Ed25519"},
        {"1.3.101.113", "id-Ed448"}, // RFC 8410
        {"1.3.6.1.5.5.7.3.1", "id-kp-serverAuth"},
        {"1.3.6.1.5.5.7.3.2", "id-kp-clientAuth"}, // RFC 5280
        {"1.3.6.1.5.5.7.3.3", "id-kp-codeSigning"},
        {"1.3.6.1.5.5.7.3.4", "id-kp-emailProtection"},
        {"1.3.6.1.5.5.7.3.8", "id-kp-timeStamping"},
        {"1.3.6.1.5.5.7.3.9", "id-kp-OCSPSigning"},
        {"2.5.29.37.0", "anyExtendedKeyUsage"}};
    const auto found = kNames.find(oid);
    return found == kNames.end() ? oid : found->second;
}

template <class T> void names(JsonText& json, std::string_view key, const std::vector<T>& values)
{
    json.key(key).array();
    for (const auto& each : values) json.value(name(each));
    json.end();
}

void versions(JsonText& json, std::string_view key, const std::vector<ProtocolVersion>& values)
{
    json.key(key).array();
    for (const auto each : values) json.value(display_name(each));
    json.end();
}

void extension_names(JsonText& json, const std::vector<Extension>& extensions)
{
    json.key("extensions").array();
    for (const auto& each : extensions) json.value(name(each.type));
    json.end();
}

void failed(JsonText& json, const WireError& error)
{
    json.member("error", error.text);
}

void client_hello(JsonText& json, ByteView body)
{
    const auto parsed = parse_client_hello(body);
    if (const auto* error = std::get_if<WireError>(&parsed)) return failed(json, *error);
    const auto& hello = std::get<ClientHello>(parsed);
    json.member("legacy_version", display_name(hello.legacy_version)).member("random", hex(hello.random));
    json.member("legacy_session_id", hex(hello.session_id));
    names(json, "cipher_suites", hello.cipher_suites);
    json.member("legacy_compression_methods", hex(hello.compression_methods));
    extension_names(json, hello.extensions);
    if (const auto server_name = hello.server_name()) json.member("server_name", *server_name);
    if (hello.has_extension(ExtensionType::supported_versions))
        versions(json, "supported_versions", hello.supported_versions());
    if (hello.has_extension(ExtensionType::supported_groups)) names(json, "supported_groups", hello.groups());
    if (hello.has_extension(ExtensionType::signature_algorithms))
        names(json, "signature_algorithms", hello.signature_schemes());
    if (hello.has_extension(ExtensionType::signature_algorithms_cert))
        names(json, "signature_algorithms_cert", hello.signature_schemes_cert());
    if (hello.has_extension(ExtensionType::application_layer_protocol_negotiation))
        json.members("application_layer_protocol_negotiation", hello.alpn_protocols());
    if (hello.has_extension(ExtensionType::key_share)) names(json, "key_share", hello.key_share_groups());
    if (hello.has_extension(ExtensionType::psk_key_exchange_modes))
        json.member("psk_key_exchange_modes", hex(hello.psk_key_exchange_modes()));
}

void server_hello(JsonText& json, ByteView body)
{
    const auto parsed = parse_server_hello(body);
    if (const auto* error = std::get_if<WireError>(&parsed)) return failed(json, *error);
    const auto& hello = std::get<ServerHello>(parsed);
    if (hello.is_hello_retry_request()) json.member("hello_retry_request", true);
    json.member("legacy_version", display_name(hello.legacy_version)).member("random", hex(hello.random));
    json.member("legacy_session_id_echo", hex(hello.session_id)).member("cipher_suite", name(hello.cipher_suite));
    extension_names(json, hello.extensions);
    if (hello.has_extension(ExtensionType::supported_versions))
        json.member("supported_versions", display_name(hello.selected_version()));
    if (const auto group = hello.key_share_group()) json.member("key_share", name(*group));
    if (const auto protocol = hello.alpn_protocol()) json.member("application_layer_protocol_negotiation", *protocol);
}

void encrypted_extensions(JsonText& json, ByteView body)
{
    std::optional<WireError> error;
    Reader reader("EncryptedExtensions", body, error);
    const auto extensions = read_extensions(reader);
    if (error) return failed(json, *error);
    extension_names(json, extensions);
    const auto* alpn = find_extension(extensions, ExtensionType::application_layer_protocol_negotiation);
    if (alpn == nullptr) return;
    Reader inside("application_layer_protocol_negotiation", alpn->body, error);
    const auto protocols = read_alpn_protocols(inside);
    if (!error && !protocols.empty()) json.member("application_layer_protocol_negotiation", protocols.front());
}

void read_certificate(JsonText& json, ByteView der)
{
    json.object();
    try {
        const auto certificate = parse_certificate(der);
        json.member("subject", certificate.subject.text).member("issuer", certificate.issuer.text);
        json.member("serial_number", hex(certificate.serial_number));
        json.member("not_before", date(certificate.not_before)).member("not_after", date(certificate.not_after));
        json.key("subject_alternative_names").array();
        for (const auto& each : certificate.dns_names) json.value("DNS:" + each);
        for (const auto& each : certificate.ip_addresses) json.value("IP:" + each);
        json.end();
        json.member("public_key_bits", certificate.public_key_bits);
        json.member("signature_algorithm", oid_name(certificate.signature_algorithm));
        json.member("is_ca", certificate.basic_constraints && certificate.basic_constraints->is_ca);
        json.key("extended_key_usage").array();
        for (const auto& each : certificate.extended_key_usage) json.value(oid_name(each));
        json.end();
    } catch (const CertificateError& error) {
        json.member("error", error.what());
    }
    json.member("length", der.size()).end();
}

/// A server sends the same certificates to everybody: each is read once.
class CertificateTexts {
public:
    std::string text_of(const Bytes& der)
    {
        const std::lock_guard lock(mutex_);
        const auto known = texts_.find(der);
        if (known != texts_.end()) return known->second;
        if (texts_.size() >= kMostKept) texts_.clear();
        JsonText json;
        read_certificate(json, der);
        return texts_[der] = json.take();
    }

private:
    static constexpr std::size_t kMostKept = 512;
    std::mutex mutex_;
    std::map<Bytes, std::string> texts_;
};

void certificate(JsonText& json, ByteView body, ProtocolVersion version)
{
    const auto parsed = parse_certificate_message(body, version);
    if (const auto* error = std::get_if<WireError>(&parsed)) return failed(json, *error);
    static CertificateTexts texts;
    json.key("certificate_list").array();
    for (const auto& der : std::get<CertificateMessage>(parsed).chain()) json.raw(texts.text_of(der));
    json.end();
}

void certificate_request(JsonText& json, ByteView body, ProtocolVersion version)
{
    const auto parsed = parse_certificate_request(body, version);
    if (const auto* error = std::get_if<WireError>(&parsed)) return failed(json, *error);
    const auto& request = std::get<CertificateRequest>(parsed);
    if (version != ProtocolVersion::tls13) json.member("certificate_types", hex(request.certificate_types));
    names(json, "signature_algorithms", request.signature_schemes);
    json.key("certificate_authorities").array();
    for (const auto& authority : request.authorities) json.value(hex(authority));
    json.end();
}

void server_key_exchange(JsonText& json, ByteView body, const Negotiated& negotiated)
{
    const auto* suite = find_cipher_suite(negotiated.suite);
    if (suite == nullptr) return;
    const auto parsed = parse_server_key_exchange(body, *suite, negotiated.version);
    if (const auto* error = std::get_if<WireError>(&parsed)) return failed(json, *error);
    const auto& exchange = std::get<ServerKeyExchange>(parsed);
    if (const auto* curve = std::get_if<EcdheParams>(&exchange.params))
        json.member("named_curve", name(curve->curve)).member("public", hex(curve->public_value));
    if (const auto* dh = std::get_if<DheParams>(&exchange.params)) json.member("dh_p_bits", dh->prime_bits());
    if (exchange.scheme) json.member("signature_algorithm", name(*exchange.scheme));
    json.member("signature_length", exchange.signature.size());
}

void certificate_verify(JsonText& json, ByteView body, ProtocolVersion version)
{
    if (version < ProtocolVersion::tls12 || body.size() < 4) return;
    json.member("algorithm", name(SignatureScheme{static_cast<std::uint16_t>(body[0] << 8U | body[1])}));
    json.member("signature_length", body[2] << 8U | body[3]);
}

void new_session_ticket(JsonText& json, ByteView body)
{
    if (body.size() < 4) return;
    json.member("ticket_lifetime", std::uint32_t{body[0]} << 24U | std::uint32_t{body[1]} << 16U |
                                       std::uint32_t{body[2]} << 8U | std::uint32_t{body[3]});
}

} // namespace

void write_fields(JsonText& json, const HandshakeMessage& message, const Negotiated& negotiated)
{
    json.object();
    if (message.type == HandshakeType::client_hello) client_hello(json, message.body);
    if (message.type == HandshakeType::server_hello) server_hello(json, message.body);
    if (message.type == HandshakeType::encrypted_extensions) encrypted_extensions(json, message.body);
    if (message.type == HandshakeType::certificate) certificate(json, message.body, negotiated.version);
    if (message.type == HandshakeType::certificate_request) certificate_request(json, message.body, negotiated.version);
    if (message.type == HandshakeType::server_key_exchange) server_key_exchange(json, message.body, negotiated);
    if (message.type == HandshakeType::certificate_verify) certificate_verify(json, message.body, negotiated.version);
    if (message.type == HandshakeType::new_session_ticket) new_session_ticket(json, message.body);
    if (message.type == HandshakeType::finished) json.member("verify_data", hex(message.body));
    json.member("length", message.body.size()).end();
}

} // namespace alert40
