// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/remedy_chain.h"

#include "client-checks/diagnosis/chain_faults.h"
#include "client-checks/probes/handshake.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr int kMorePatience = 5; // for a whole handshake

ProbeHello with(ProbeHello hello, const std::vector<HelloChange>& changes)
{
    for (const auto& change : changes) change.apply(hello);
    return hello;
}

bool offers(const ClientHello& hello, SignatureScheme scheme)
{
    const auto schemes = hello.signature_schemes();
    return std::find(schemes.begin(), schemes.end(), scheme) != schemes.end();
}

/// Up to TLS 1.2 the first octet is the hash: 1 is MD5, 2 is SHA-1 (RFC 5246, section 7.4.1.4.1), and RFC 8446 keeps
/// them so.
bool is_old(SignatureScheme scheme)
{
    const auto hash = static_cast<std::uint16_t>(scheme) >> 8;
    return hash == 1 || hash == 2;
}

asio::awaitable<Transcript> whole_handshake(const ProbePlace& place, ClientHello hello)
{
    Opened opened = co_await open_connection(place.gate, place.target, place.endpoint);
    if (!opened.connection) co_return Transcript{};
    HandshakePlan plan;
    plan.offer.hello = std::move(hello);
    plan.host = place.target.reference_name;
    plan.sends_request = false;
    plan.deadline = place.gate.answer_deadline() * kMorePatience;
    auto handshake = co_await play_handshake(*opened.connection, std::move(plan));
    co_return std::move(handshake.transcript);
}

/// The handshake itself did without the schemes that were added.
bool signs_otherwise(const Transcript& wire, const ClientHello& sent)
{
    if (wire.server_signature) return offers(sent, *wire.server_signature);
    const auto* suite = wire.server_hello ? find_cipher_suite(wire.server_hello->cipher_suite) : nullptr;
    return suite != nullptr && suite->key_exchange == KeyExchange::rsa; // which signs nothing
}

} // namespace

bool adds_old_schemes(const ProbeHello& sent, const std::vector<HelloChange>& changes)
{
    bool any = false;
    for (const auto scheme : with(sent, changes).hello.signature_schemes()) {
        if (offers(sent.hello, scheme)) continue;
        if (!is_old(scheme)) return false;
        any = true;
    }
    return any;
}

asio::awaitable<std::optional<OldSignature>> old_signature_behind(ProbePlace place, ProbeHello sent, Remedy remedy)
{
    Transcript wire = remedy.answers.back().transcript;
    if (wire.server_chain.empty()) wire = co_await whole_handshake(place, with(sent, remedy.changes).hello);
    std::optional<OldSignature> found;
    if (wire.server_chain.empty()) co_return found;
    if (auto fact = weak_signature(gather_evidence(&wire, {}, {}, {})))
        found = OldSignature{*std::move(fact), signs_otherwise(wire, sent.hello)};
    co_return found;
}

} // namespace alert40
