// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"
#include "client-checks/diagnosis/told_dates.h"

namespace alert40 {

std::optional<Finding> rule_certificate_not_yet_valid(const Evidence& evidence)
{
    const std::string cause = "certificate-not-yet-valid";
    // TLS has no alert of its own for it: 42 in most libraries, 45 in mbedTLS, deno and NSS, 46 in Java and Chromium.
    const auto refusal = chain_refusal(evidence, {"verify:not-yet-valid"},
                                       {AlertDescription::bad_certificate, AlertDescription::certificate_expired,
                                        AlertDescription::certificate_unknown});
    if (refusal == ChainRefusal::no) return std::nullopt;
    const auto* leaf = evidence.server_leaf();
    if (leaf == nullptr || !evidence.captured_at) {
        const auto dates = judge_told_dates(evidence);
        if (dates.verdict == DateVerdict::clock_wrong) return found(cause, Confidence::possible, evidence);
        if (dates.verdict != DateVerdict::not_begun) return found(cause, without_chain(refusal), evidence);
        return found(cause, dates.depth.value_or(0) == 0 ? Confidence::certain : Confidence::likely, evidence,
                     {dates.because});
    }
    // A certificate that is valid at the capture's time is not the one to blame: the client's clock is.
    if (leaf->not_before <= *evidence.captured_at) return std::nullopt;
    if (leaf->not_after < leaf->not_before) return std::nullopt; // certificate-malformed
    const bool sure =
        refusal == ChainRefusal::exact || (refusal >= ChainRefusal::by_alert && is_otherwise_good(evidence));
    return found(cause, sure ? Confidence::certain : Confidence::likely, evidence,
                 {"the server's certificate begins " + utc(leaf->not_before) + ", after the capture, " +
                  utc(*evidence.captured_at)});
}

} // namespace alert40
