// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"
#include "client-checks/diagnosis/told_dates.h"

namespace alert40 {

std::optional<Finding> rule_root_expired(const Evidence& evidence)
{
    const std::string cause = "root-expired";
    const auto refusal = chain_refusal(evidence, {"verify:expired"},
                                       {AlertDescription::certificate_expired, AlertDescription::bad_certificate});
    if (refusal < ChainRefusal::by_alert) return std::nullopt;
    const auto in_date = chain_in_date(evidence);
    if (in_date == false) return std::nullopt;
    if (!in_date) {
        const auto dates = judge_told_dates(evidence);
        const bool roots = dates.verdict == DateVerdict::ended && is_roots_date(evidence, dates);
        if (roots) // never certain: a root that the server sent may have been cross-signed by another
            return found(cause, Confidence::likely, evidence, {dates.because, "it is that of a root"});
        if (dates.verdict == DateVerdict::ended && dates.depth) return std::nullopt;
    }
    if (!in_date || refusal == ChainRefusal::by_alert || name_explains(evidence, refusal) ||
        (says_anything(evidence, refusal) && !evidence.client_sent(AlertDescription::certificate_expired)))
        return found(cause, Confidence::possible, evidence);
    // Never certain: the root stands in the client's store, and the client's clock would show the same.
    return found(cause, Confidence::likely, evidence,
                 {"every certificate that the server sent is in date at the capture's time",
                  "the last of them is issued by " + evidence.server_chain.back().issuer.text});
}

} // namespace alert40
