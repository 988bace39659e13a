// SPDX-License-Identifier: GPL-2.0-or-later
// A composed session, fed with whatever a client sends. The first octet chooses the version and what the flight departs
// in, the next two how long the ClientHello is (the body of its message); the rest comes as records after the server's
// flight. Nothing that a client says may end the program, and a session that failed stays so.
#include "server/flights/composed_session.h"

#include <cstdlib>
#include <map>

namespace alert40 {
namespace {

void require(bool condition)
{
    if (!condition) std::abort();
}

FlightMessage departure(FlightStep step)
{
    FlightMessage message;
    message.message.value = step;
    return message;
}

/// An honest server, or one with a departure, whose certificate is no more than octets: nobody here reads it.
FlightPlan make_plan(unsigned kind)
{
    const Bytes leaf(300, 0x30);
    const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
    FlightPlan plan{.chain = Chain{{leaf}, key, true, leaf, Authority{leaf, key}, {}, false}};
    for (const auto& suite : all_cipher_suites())
        if (suite.bulk == BulkKind::aead) plan.cipher_suites.push_back(suite.value);
    plan.groups = {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1};
    plan.alpn = {"http/1.1"};
    plan.issues_tickets = true;
    plan.ticket_key = Bytes(32, 7);
    if (kind & 1U) plan.client_certificate = ClientCertificate::optional;
    if (kind & 2U) plan.early_data = EarlyData::accept;
    if (kind & 4U) plan.departures = {departure(FlightStep::hello_retry_request)};
    prepare(plan, kind & 8U ? std::optional(512U) : std::nullopt);
    return plan;
}

const FlightPlan& plan_of(unsigned kind)
{
    static std::map<unsigned, FlightPlan> plans;
    const auto found = plans.find(kind);
    return found != plans.end() ? found->second : plans.emplace(kind, make_plan(kind)).first->second;
}

ProtocolVersion version_of(unsigned kind)
{
    constexpr ProtocolVersion kVersions[] = {ProtocolVersion::tls13, ProtocolVersion::tls12, ProtocolVersion::tls10,
                                             ProtocolVersion::ssl30};
    return kVersions[kind % 4];
}

void check(ByteView input)
{
    if (input.size() < 3) return;
    const std::size_t length = std::min<std::size_t>(input[1] * 256U + input[2], input.size() - 3);
    const ByteView body = input.subspan(3, length);
    auto parsed = parse_client_hello(body);
    auto* hello = std::get_if<ClientHello>(&parsed);
    if (hello == nullptr) return;
    ComposedSession session(plan_of(input[0] / 4 % 16), version_of(input[0]),
                            {std::move(*hello), compose_handshake(HandshakeType::client_hello, body)});
    session.advance();
    session.take_output();
    const ByteView rest = input.subspan(3 + length);
    for (std::size_t at = 0; at < rest.size(); at += 64) {
        session.receive(rest.subspan(at, std::min<std::size_t>(64, rest.size() - at)));
        const bool failed = session.advance() == TlsProgress::failed;
        session.take_output();
        session.take_secrets();
        session.read();
        if (failed) require(session.advance() == TlsProgress::failed && session.error());
    }
    session.peer_closed();
    session.advance();
    session.write(to_bytes("HTTP/1.1 200 OK\r\n\r\n"));
    session.shut_down();
    session.take_output();
}

} // namespace
} // namespace alert40

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    alert40::check({data, size});
    return 0;
}
