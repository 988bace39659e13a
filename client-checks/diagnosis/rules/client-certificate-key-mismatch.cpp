// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/client_certificate.h"

namespace alert40 {

std::optional<Finding> rule_client_certificate_key_mismatch(const Evidence& evidence)
{
    const std::string cause = "client-certificate-key-mismatch";
    if (says_foreign_key(evidence)) return found(cause, Confidence::likely, evidence);
    // RFC 8446 section 4.4.3: a CertificateVerify that does not verify is decrypt_error.
    const auto answer = client_answer(evidence);
    if (answer == ClientAnswer::not_asked || answer == ClientAnswer::no_certificate) return std::nullopt;
    if (!server_refused(evidence, AlertDescription::decrypt_error)) return std::nullopt;
    const bool seen = answer == ClientAnswer::certificate && evidence.server_sent(AlertDescription::decrypt_error);
    return found(cause, seen ? Confidence::likely : Confidence::possible, evidence);
}

} // namespace alert40
