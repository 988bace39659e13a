// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/offer.h"
#include "client-checks/diagnosis/words.h"

namespace alert40 {

std::optional<Finding> rule_server_certificate_missing(const Evidence& evidence)
{
    const std::string cause = "server-certificate-missing";
    // 40: nothing to sign with (126 recorded runs); 112: Go (39). 49: rustls, whose ResolvesServerCert gave none
    // (rustls/src/server/hs.rs, "no server certificate chain resolved").
    if (hello_refused(evidence, {AlertDescription::handshake_failure, AlertDescription::unrecognized_name,
                                 AlertDescription::access_denied}))
        return found(cause, Confidence::possible, evidence);
    // An OpenSSL server without a certificate has TLS 1.3 switched off.
    const auto* hello = evidence.client_hello();
    const bool refuses_version = hello_refused(evidence, {AlertDescription::protocol_version});
    if (refuses_version && hello != nullptr && offers_only_tls13(*hello))
        return found(cause, Confidence::possible, evidence, {"the client offers TLS 1.3 alone"});
    // Erlang closes, most others do not even listen.
    if (evidence.ended_before_server_hello() && evidence.ended<WeClosed>() && hello != nullptr)
        return found(cause, Confidence::possible, evidence);
    if (evidence.has_wire() && !evidence.alert && gave_up_behind_server_hello(*evidence.wire))
        return found(cause, Confidence::possible, evidence, {"the server showed no certificate"});
    if (evidence.means_only("refused")) return found(cause, Confidence::possible, evidence);
    return std::nullopt;
}

} // namespace alert40
