// SPDX-License-Identifier: GPL-2.0-or-later
// The messages that a client, or a tap, reads from a server. The first two input bytes choose the version and the
// suite, the rest is a handshake message. What was parsed survives composing and parsing.
#include "server/wire/alert_message.h"
#include "server/wire/certificate_message.h"
#include "server/wire/certificate_request.h"
#include "server/wire/handshake.h"
#include "server/wire/server_hello.h"
#include "server/wire/server_key_exchange.h"

#include <cstdlib>

namespace alert40 {
namespace {

void require(bool condition)
{
    if (!condition) std::abort();
}

template <class T, class Parse, class Compose> void round_trip(const Parsed<T>& parsed, Parse parse, Compose compose)
{
    const auto* value = std::get_if<T>(&parsed);
    if (value == nullptr) return;
    const auto again = parse(compose(*value));
    require(std::holds_alternative<T>(again) && std::get<T>(again) == *value);
}

void check_server_hello(ByteView body)
{
    const auto parsed = parse_server_hello(body);
    round_trip<ServerHello>(parsed, parse_server_hello, compose_server_hello);
    if (const auto* hello = std::get_if<ServerHello>(&parsed)) {
        hello->selected_version();
        hello->key_share_group();
        hello->alpn_protocol();
        hello->downgrade_sentinel();
    }
}

void check_certificate(ByteView body, ProtocolVersion version)
{
    round_trip<CertificateMessage>(
        parse_certificate_message(body, version),
        [&](ByteView again) { return parse_certificate_message(again, version); },
        [&](const CertificateMessage& message) { return compose_certificate_message(message, version); });
}

void check_certificate_request(ByteView body, ProtocolVersion version)
{
    round_trip<CertificateRequest>(
        parse_certificate_request(body, version),
        [&](ByteView again) { return parse_certificate_request(again, version); },
        [&](const CertificateRequest& request) { return compose_certificate_request(request, version); });
}

void check_key_exchange(ByteView body, const CipherSuiteInfo& suite, ProtocolVersion version)
{
    const auto parse = [&](ByteView bytes) { return parse_server_key_exchange(bytes, suite, version); };
    round_trip<ServerKeyExchange>(parse(body), parse, compose_server_key_exchange);
}

void check(ByteView input)
{
    if (input.size() < 2 + kHandshakeHeaderLength) return;
    const auto versions = all_protocol_versions();
    const auto version = versions[input[0] % versions.size()];
    const auto suites = all_cipher_suites();
    const auto& suite = suites[std::size_t{input[1]} * suites.size() / 256];
    const auto type = HandshakeType{input[2]};
    const ByteView body = input.subspan(2 + kHandshakeHeaderLength);
    if (type == HandshakeType::server_hello) check_server_hello(body);
    if (type == HandshakeType::certificate) check_certificate(body, version);
    if (type == HandshakeType::certificate_request) check_certificate_request(body, version);
    if (type == HandshakeType::server_key_exchange) check_key_exchange(body, suite, version);
    round_trip<Alert>(parse_alert(body), parse_alert, compose_alert);
}

} // namespace
} // namespace alert40

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    alert40::check({data, size});
    return 0;
}
