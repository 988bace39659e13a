// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"

#include <fmt/format.h>

namespace alert40 {

std::optional<Finding> rule_intermediate_expired(const Evidence& evidence)
{
    const bool above = evidence.account.failed_depth.value_or(0) > 0; // of the server's own certificate
    if (above && evidence.server_leaf() == nullptr && evidence.can_mean("verify:expired"))
        return found("intermediate-expired", Confidence::likely, evidence,
                     {fmt::format("the client says that it is certificate {} above the server's own",
                                  *evidence.account.failed_depth)});
    // The words are those of an expired leaf; wolfSSL finds no issuer in place of an expired one (-188), and sends 45.
    return find_chain_fault("intermediate-expired", evidence, expired_issuer,
                            {"verify:expired", "verify:unknown-ca", "verify:incomplete-chain"},
                            {AlertDescription::certificate_expired, AlertDescription::bad_certificate,
                             AlertDescription::certificate_unknown, AlertDescription::unknown_ca});
}

} // namespace alert40
