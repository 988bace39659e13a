// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/violations.h"
#include "client-checks/diagnosis/words.h"

#include <algorithm>

namespace alert40 {
namespace {

constexpr auto kCause = "protocol-violation";

/// What clients say of a server that does not keep to the protocol, and RFC 8446, section 6.2: "illegal_parameter: a
/// field in the handshake was incorrect or inconsistent", and its kin.
Words said(const Evidence& evidence)
{
    return words(evidence, {"local:illegal-parameter", "local:unexpected-message", "local:decode-error",
                            "local:missing-extension", "local:bad-finished", "local:unsupported-extension",
                            "local:signature-scheme"});
}

/// What has a more usual cause as well.
Words said_of_others_too(const Evidence& evidence)
{
    return words(evidence,
                 {"local:cipher", "local:group", "local:version", "local:renegotiation", "verify:bad-signature"});
}

constexpr AlertDescription kAlerts[] = {AlertDescription::illegal_parameter, AlertDescription::unexpected_message,
                                        AlertDescription::decode_error, AlertDescription::missing_extension,
                                        AlertDescription::unsupported_extension};

bool client_objected(const Evidence& evidence)
{
    return std::any_of(std::begin(kAlerts), std::end(kAlerts), [&](auto alert) { return evidence.client_sent(alert); });
}

/// The server's answer was there, and the client would have none of it.
bool client_refused(const Evidence& evidence)
{
    if (evidence.alert && evidence.alert_from == Direction::client_to_server) return true;
    return evidence.ended<PeerClosed>() || evidence.ended<PeerReset>() || said(evidence) >= Words::among ||
           said_of_others_too(evidence) >= Words::among;
}

} // namespace

std::optional<Finding> rule_protocol_violation(const Evidence& evidence)
{
    const auto meant = said(evidence);
    if (!evidence.has_wire()) {
        if (meant == Words::exact) return found(kCause, Confidence::likely, evidence);
        if (meant == Words::among || said_of_others_too(evidence) >= Words::among)
            return found(kCause, Confidence::possible, evidence);
        return std::nullopt;
    }
    const auto violations = server_violations(*evidence.wire);
    if (!violations.empty() && client_refused(evidence)) {
        auto finding = found(kCause, Confidence::likely, evidence);
        finding.because.insert(finding.because.end(), violations.begin(), violations.end());
        return finding;
    }
    // A ClientHello that is refused says nothing about the server's own messages.
    if (evidence.wire->events.empty() || (!evidence.wire->server_hello && evidence.ended_before_server_hello()))
        return std::nullopt;
    if (meant == Words::exact) return found(kCause, Confidence::likely, evidence);
    const bool shared = said_of_others_too(evidence) >= Words::among;
    if (meant == Words::among || shared || client_objected(evidence))
        return found(kCause, Confidence::possible, evidence);
    return std::nullopt;
}

} // namespace alert40
