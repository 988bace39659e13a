// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"

namespace alert40 {

/// Whether the address is the right one is not on the wire: never more than possible.
std::optional<Finding> rule_wrong_server(const Evidence& evidence)
{
    const std::string cause = "wrong-server";
    const auto* hello = evidence.client_hello();
    if (hello == nullptr || !hello->server_name()) return std::nullopt;
    const std::string asked = "the client asked for " + *hello->server_name();
    if (hello_refused(evidence, {AlertDescription::unrecognized_name}) ||
        warned(evidence, AlertDescription::unrecognized_name))
        return found(cause, Confidence::possible, evidence, {asked});
    // The same words and alerts as for a wrong name in the right server's certificate.
    const auto refusal = chain_refusal(
        evidence, {"verify:name-mismatch"},
        {AlertDescription::bad_certificate, AlertDescription::certificate_unknown, AlertDescription::internal_error});
    const auto fits = is_for_server_name(evidence);
    if (refusal == ChainRefusal::no || fits.value_or(false)) return std::nullopt;
    return found(cause, Confidence::possible, evidence, {asked, fits ? "the certificate is for another name" : ""});
}

} // namespace alert40
