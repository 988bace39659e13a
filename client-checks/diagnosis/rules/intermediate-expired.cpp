// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_faults.h"
#include "client-checks/diagnosis/told_dates.h"

#include <fmt/format.h>

namespace alert40 {
namespace {

Finding above_the_servers_own(const Evidence& evidence, const DateJudgement& dates, int depth)
{
    const auto which = fmt::format("the client says that it is certificate {} above the server's own", depth);
    if (dates.verdict == DateVerdict::clock_wrong || is_roots_date(evidence, dates))
        return found("intermediate-expired", Confidence::possible, evidence, {which});
    const bool listed = dates.depth && static_cast<std::size_t>(*dates.depth) < evidence.account.chain.size();
    const bool sure = dates.verdict == DateVerdict::ended && listed;
    return found("intermediate-expired", sure ? Confidence::certain : Confidence::likely, evidence,
                 {which, dates.because});
}

} // namespace

std::optional<Finding> rule_intermediate_expired(const Evidence& evidence)
{
    if (evidence.server_leaf() == nullptr) {
        const auto dates = judge_told_dates(evidence);
        const auto depth = dates.depth ? dates.depth : evidence.account.failed_depth;
        const bool said = evidence.can_mean("verify:expired");
        if (said && depth == 0) return std::nullopt; // it is the server's own
        if (said && !depth && dates.verdict == DateVerdict::clock_wrong)
            return found("intermediate-expired", Confidence::possible, evidence);
        if (said && depth && *depth > 0) return above_the_servers_own(evidence, dates, *depth);
    }
    // The words are those of an expired leaf; wolfSSL finds no issuer in place of an expired one (-188), and sends 45.
    return find_chain_fault("intermediate-expired", evidence, expired_issuer,
                            {"verify:expired", "verify:unknown-ca", "verify:incomplete-chain"},
                            {AlertDescription::certificate_expired, AlertDescription::bad_certificate,
                             AlertDescription::certificate_unknown, AlertDescription::unknown_ca});
}

} // namespace alert40
