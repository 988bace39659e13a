// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"
#include "client-checks/diagnosis/told_dates.h"

namespace alert40 {
namespace {

/// The chain was not read: what the client says of dates, against a second clock.
std::optional<Finding> by_told_dates(const Evidence& evidence, ChainRefusal refusal)
{
    const std::string cause = "certificate-expired";
    const auto dates = judge_told_dates(evidence);
    const bool above = dates.depth.value_or(evidence.account.failed_depth.value_or(0)) > 0;
    if (above) return std::nullopt; // the client says that it is another certificate than the server's own
    if (dates.verdict == DateVerdict::clock_wrong) return found(cause, Confidence::possible, evidence);
    if (dates.verdict == DateVerdict::ended && refusal >= ChainRefusal::among)
        return found(cause, dates.depth == 0 ? Confidence::certain : Confidence::likely, evidence, {dates.because});
    // Measured: 70 of 147 runs with 45 from the client; intermediate-expired and client-clock-wrong gave the rest.
    const bool said = evidence.client_sent(AlertDescription::certificate_expired) && refusal == ChainRefusal::by_alert;
    return found(cause, said ? Confidence::likely : without_chain(refusal), evidence);
}

} // namespace

std::optional<Finding> rule_certificate_expired(const Evidence& evidence)
{
    const std::string cause = "certificate-expired";
    const auto refusal = chain_refusal(evidence, {"verify:expired"},
                                       {AlertDescription::certificate_expired, AlertDescription::bad_certificate,
                                        AlertDescription::certificate_unknown});
    if (refusal == ChainRefusal::no) return std::nullopt;
    const auto* leaf = evidence.server_leaf();
    if (leaf == nullptr || !evidence.captured_at) return by_told_dates(evidence, refusal);
    // The same words about a certificate that is in date at the capture's time blame another clock or certificate.
    if (leaf->not_after >= *evidence.captured_at) return std::nullopt;
    if (leaf->not_after < leaf->not_before) return std::nullopt; // certificate-malformed
    const bool sure =
        refusal == ChainRefusal::exact || (refusal >= ChainRefusal::by_alert && is_otherwise_good(evidence));
    return found(cause, sure ? Confidence::certain : Confidence::likely, evidence,
                 {"the server's certificate ended " + utc(leaf->not_after) + ", before the capture, " +
                  utc(*evidence.captured_at)});
}

} // namespace alert40
