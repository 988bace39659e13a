// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/chain_refusal.h"

#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/silence.h"

#include <algorithm>

namespace alert40 {
namespace {

bool ended_unexplained(const Evidence& evidence)
{
    if (!evidence.has_wire()) return evidence.can_mean("verify:unspecified");
    if (evidence.alert || evidence.ended_before_server_hello() || silence_at_end(*evidence.wire) >= kPatience)
        return false;
    const bool by_client = evidence.ended<PeerClosed>() || evidence.ended<PeerReset>();
    const bool server_followed =
        evidence.ended<WeClosed>() && may_hide_alert(*evidence.wire, Direction::client_to_server);
    const auto flight = hidden_client_flight(*evidence.wire);
    if (flight == HiddenFlight::certificate || flight == HiddenFlight::empty_certificate) return false;
    if (may_hide_early_server_alert(*evidence.wire)) return false;
    if (flight == HiddenFlight::unknown && evidence.outcome->phase < Phase::after_server_flight) return false;
    if (!evidence.is_tls13() && !evidence.wire->server_certificate_seen) return false; // a resumed session
    return by_client || server_followed;
}

} // namespace

ChainRefusal chain_refusal(const Evidence& evidence, std::initializer_list<std::string_view> reasons,
                           std::initializer_list<AlertDescription> alerts)
{
    if (evidence.alert && evidence.alert_from == Direction::server_to_client) return ChainRefusal::no;
    switch (words(evidence, reasons)) {
    case Words::otherwise:
        return ChainRefusal::no;
    case Words::among:
        return ChainRefusal::among;
    case Words::exact:
        return ChainRefusal::exact;
    case Words::silent:
        break;
    }
    if (!evidence.alert) return ended_unexplained(evidence) ? ChainRefusal::unexplained : ChainRefusal::no;
    if (evidence.ended_before_server_hello()) return ChainRefusal::no;
    const bool fits = std::find(alerts.begin(), alerts.end(), evidence.alert->description) != alerts.end();
    return fits ? ChainRefusal::by_alert : ChainRefusal::no;
}

Confidence without_chain(ChainRefusal refusal)
{
    return refusal == ChainRefusal::exact ? Confidence::likely : Confidence::possible;
}

bool is_plain_client_40(const Evidence& evidence)
{
    if (!evidence.client_sent(AlertDescription::handshake_failure) || evidence.ended_before_server_hello())
        return false;
    const auto& server_hello = evidence.wire->server_hello;
    const auto* suite = server_hello ? find_cipher_suite(server_hello->cipher_suite) : nullptr;
    if (suite != nullptr && suite->key_exchange == KeyExchange::dhe && evidence.knows_lengths_alone()) return false;
    return evidence.wire->dh_bits == 0 && server_hello && server_hello->has_renegotiation_info();
}

bool is_self_issued(const Certificate& certificate)
{
    return certificate.issuer.der == certificate.subject.der;
}

bool links_up(const std::vector<Certificate>& chain)
{
    for (std::size_t i = 1; i < chain.size(); ++i)
        if (chain[i - 1].issuer.der != chain[i].subject.der) return false;
    return true;
}

std::optional<bool> is_for_server_name(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    const auto* leaf = evidence.server_leaf();
    if (hello == nullptr || leaf == nullptr || !hello->server_name()) return std::nullopt;
    return names_match(*leaf, *hello->server_name());
}

bool name_explains(const Evidence& evidence, ChainRefusal refusal)
{
    return refusal == ChainRefusal::among && evidence.can_mean("verify:name-mismatch") &&
           is_for_server_name(evidence) == false;
}

bool says_anything(const Evidence& evidence, ChainRefusal refusal)
{
    return refusal == ChainRefusal::among && evidence.can_mean("verify:revoked") &&
           evidence.can_mean("verify:unknown-ca") && evidence.can_mean("verify:expired");
}

bool is_otherwise_good(const Evidence& evidence)
{
    const auto* leaf = evidence.server_leaf();
    return leaf != nullptr && !is_self_issued(*leaf) && is_for_server_name(evidence).value_or(true);
}

} // namespace alert40
