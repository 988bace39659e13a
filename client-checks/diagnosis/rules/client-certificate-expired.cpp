// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/client_certificate.h"

namespace alert40 {

std::optional<Finding> rule_client_certificate_expired(const Evidence& evidence)
{
    const std::string cause = "client-certificate-expired";
    const auto answer = client_answer(evidence);
    if (answer == ClientAnswer::not_asked || answer == ClientAnswer::no_certificate) return std::nullopt;
    // OpenSSL, NSS, Erlang and mbedTLS name it.
    const bool by_name = server_refused(evidence, AlertDescription::certificate_expired);
    if (!by_name && !certificate_refused(evidence)) return std::nullopt;

    const auto in_date = client_certificate_in_date(evidence);
    // RFC 5246, section 7.2.2: "has expired or is not currently valid". OpenSSL says 42 of one that is not valid yet
    // (ssl/statem/statem_lib.c, x509table).
    const bool by_openssl = by_name && evidence.has_wire() &&
                            evidence.server_sent(AlertDescription::certificate_expired) &&
                            is_openssl_server(*evidence.wire);
    if (!in_date && by_openssl && answer == ClientAnswer::certificate)
        return found(
            cause, Confidence::certain, evidence,
            {"the ServerHello is like OpenSSL's, which has another alert for a certificate that is not valid yet"});
    if (!in_date)
        return found(cause, by_name ? unless_vague(evidence, Confidence::likely) : Confidence::possible, evidence);
    const Certificate& leaf = evidence.client_chain.front();
    if (leaf.not_after >= *evidence.captured_at) return std::nullopt;
    return found(cause, by_name ? Confidence::certain : Confidence::likely, evidence,
                 {"the client's certificate ended " + utc(leaf.not_after) + ", before the capture, " +
                  utc(*evidence.captured_at)});
}

} // namespace alert40
