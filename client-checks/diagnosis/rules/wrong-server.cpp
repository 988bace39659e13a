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
    const auto refusal = chain_refusal(evidence, {"verify:name-mismatch"}, {});
    if (refusal < ChainRefusal::among || is_for_server_name(evidence).value_or(false)) return std::nullopt;
    return found(cause, Confidence::possible, evidence, {asked, "the certificate is for another name"});
}

} // namespace alert40
