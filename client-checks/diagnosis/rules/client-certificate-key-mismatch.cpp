// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/client_certificate.h"

#include <algorithm>
#include <iterator>

namespace alert40 {

namespace {

/// The client compared the pair when it loaded it, and never spoke: OpenSSL's words, and curl's.
bool refused_to_load(const Evidence& evidence)
{
    constexpr std::string_view kWords[] = {"key values mismatch", "unable to set private key file"};
    const auto said = [&](std::string_view words) { return evidence.says.find(words) != std::string::npos; };
    return std::any_of(std::begin(kWords), std::end(kWords), said);
}

} // namespace

std::optional<Finding> rule_client_certificate_key_mismatch(const Evidence& evidence)
{
    const std::string cause = "client-certificate-key-mismatch";
    if (refused_to_load(evidence)) return found(cause, Confidence::likely, evidence);
    // RFC 8446 section 4.4.3: a CertificateVerify that does not verify is decrypt_error.
    const auto answer = client_answer(evidence);
    if (answer == ClientAnswer::not_asked || answer == ClientAnswer::no_certificate) return std::nullopt;
    if (!server_refused(evidence, AlertDescription::decrypt_error)) return std::nullopt;
    const bool seen = answer == ClientAnswer::certificate && evidence.server_sent(AlertDescription::decrypt_error);
    return found(cause, seen ? Confidence::likely : Confidence::possible, evidence);
}

} // namespace alert40
