// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/client_certificate.h"

namespace alert40 {

std::optional<Finding> rule_client_certificate_not_yet_valid(const Evidence& evidence)
{
    const auto answer = client_answer(evidence);
    if (answer == ClientAnswer::not_asked || answer == ClientAnswer::no_certificate) return std::nullopt;
    // TLS has no alert of its own for it: 42 in OpenSSL, 45, 46 or 49 in others.
    const bool refused =
        server_refused(evidence, AlertDescription::certificate_expired) || certificate_refused(evidence);
    // OpenSSL has a more exact alert for each other fault of the chain (ssl/statem/statem_lib.c, x509table: 45 expired,
    // 43 purpose, 48 no trust); 42 is left for the first date, a name and a CRL's fault.
    if (evidence.client_chain.empty() && evidence.server_sent(AlertDescription::bad_certificate) &&
        answer == ClientAnswer::certificate && is_openssl_server(*evidence.wire))
        return found("client-certificate-not-yet-valid", Confidence::likely, evidence,
                     {"the ServerHello is like OpenSSL's, which has other alerts for the other faults"});
    if (!refused) return std::nullopt;
    if (evidence.client_chain.empty() || !evidence.captured_at)
        return found("client-certificate-not-yet-valid", Confidence::possible, evidence);
    const Certificate& leaf = evidence.client_chain.front();
    if (leaf.not_before <= *evidence.captured_at) return std::nullopt;
    return found("client-certificate-not-yet-valid", Confidence::certain, evidence,
                 {"the client's certificate begins " + utc(leaf.not_before) + ", after the capture, " +
                  utc(*evidence.captured_at)});
}

} // namespace alert40
