// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"
#include "client-checks/diagnosis/told_dates.h"

namespace alert40 {

std::optional<Finding> rule_client_clock_wrong(const Evidence& evidence)
{
    const std::string cause = "client-clock-wrong";
    // wolfSSL takes no expired certificate for an issuer (-188), and still sends 45.
    const bool by_45 = evidence.client_sent(AlertDescription::certificate_expired) &&
                       words(evidence, {"verify:unknown-ca", "verify:incomplete-chain"}) >= Words::among;
    const auto refusal = chain_refusal(evidence, {"verify:expired", "verify:not-yet-valid"},
                                       {AlertDescription::certificate_expired, AlertDescription::bad_certificate,
                                        AlertDescription::certificate_unknown});
    if (refusal < ChainRefusal::by_alert && !by_45) return std::nullopt;
    const auto in_date = chain_in_date(evidence);
    if (in_date == false) return std::nullopt;
    if (!in_date) {
        const auto dates = judge_told_dates(evidence);
        if (dates.verdict == DateVerdict::ended || dates.verdict == DateVerdict::not_begun) return std::nullopt;
        if (dates.verdict == DateVerdict::clock_wrong)
            return found(cause, dates.sure ? Confidence::certain : Confidence::likely, evidence, {dates.because});
    }
    if (!in_date || (refusal == ChainRefusal::by_alert && !by_45) || name_explains(evidence, refusal) ||
        (says_anything(evidence, refusal) && !by_45))
        return found(cause, Confidence::possible, evidence);
    // The capture's clock is the second one: it and the client's disagree about the same certificate.
    return found(
        cause, Confidence::likely, evidence,
        {"every certificate that the server sent is in date at the capture's time, " + utc(*evidence.captured_at)});
}

} // namespace alert40
