// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/client_certificate.h"

namespace alert40 {

std::optional<Finding> rule_client_certificate_wrong_usage(const Evidence& evidence)
{
    const std::string cause = "client-certificate-wrong-usage";
    const auto answer = client_answer(evidence);
    if (answer == ClientAnswer::not_asked || answer == ClientAnswer::no_certificate) return std::nullopt;
    // OpenSSL names it; wolfSSL's 42 is one of those that do not.
    const bool by_name = server_refused(evidence, AlertDescription::unsupported_certificate);
    if (!by_name && !certificate_refused(evidence)) return std::nullopt;
    if (evidence.client_chain.empty())
        return found(cause, by_name ? unless_vague(evidence, Confidence::likely) : Confidence::possible, evidence);
    const auto fact = wrong_client_usage(evidence.client_chain.front());
    if (!fact) return std::nullopt;
    return found(cause, by_name ? Confidence::certain : Confidence::likely, evidence, {*fact});
}

} // namespace alert40
