// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"
#include "client-checks/diagnosis/flight_lengths.h"
#include "client-checks/diagnosis/hidden_flight.h"

#include <algorithm>

namespace alert40 {
namespace {

/// RFC 8017 section 9.1.1: RSA-PSS with SHA-256, the least that TLS 1.3 has, does not fit into a signature of fewer
/// than 66 octets. The server finds out when it has chosen everything and is about to sign (GnuTLS: 8 of 8 runs). JSSE,
/// whose alerts are padded, says the same where no scheme of the client's fits its key.
bool failed_to_sign(const Evidence& evidence)
{
    if (!evidence.has_wire() || !evidence.is_tls13() || ends_with_padded_alert(*evidence.wire)) return false;
    const bool early = evidence.alert ? evidence.outcome->phase == Phase::after_server_hello
                                      : may_hide_early_server_alert(*evidence.wire);
    const bool said = evidence.alert || evidence.means_only("alert-received:internal_error");
    return early && said && server_refused(evidence, AlertDescription::internal_error);
}

} // namespace

std::optional<Finding> rule_certificate_weak_key(const Evidence& evidence)
{
    if (failed_to_sign(evidence))
        return found("certificate-weak-key", Confidence::likely, evidence,
                     {"the server had chosen suite, group and scheme, and failed by itself before it signed"});
    auto finding = find_chain_fault("certificate-weak-key", evidence, weak_key, {"verify:weak-key"},
                                    {AlertDescription::bad_certificate, AlertDescription::certificate_unknown,
                                     AlertDescription::insufficient_security},
                                    std::nullopt, OwnWords::certain);
    if (!finding || !shows_weak_key(evidence)) return finding;
    // OpenSSL's alert for it; others that refuse for anything have it as well, and half of the clients take the key.
    if (evidence.client_sent(AlertDescription::bad_certificate))
        finding->confidence = std::min(finding->confidence, Confidence::likely);
    finding->because.emplace_back("the server's signature has the length of one by an RSA key of 1024 bits");
    return finding;
}

} // namespace alert40
