// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a date that the client complains of is as it says, by a second clock: the capture's, or that of the machine
// which looks at the evidence, and which only tells that the run was not later.
#pragma once

#include "client-checks/diagnosis/evidence.h"

namespace alert40 {

/// `untold`: the client gives no date, or no clock decides. `ended`, `not_begun`: the certificate is out of date by the
/// second clock as well. `clock_wrong`: it is in date there, so that the client's clock is not right.
enum class DateVerdict { untold, ended, not_begun, clock_wrong };

struct DateJudgement {
    DateVerdict verdict = DateVerdict::untold;
    /// Of the chain, which certificate the date belongs to: 0 is the server's own; nullopt where it is not told.
    std::optional<int> depth;
    std::string because; // a sentence without full stop; empty where it is untold
    bool sure = true;    // false: a root that the client has and did not list may be out of date instead
};

/// By the date that the client gives, else by those of the chain that it lists.
DateJudgement judge_told_dates(const Evidence& evidence);

/// The date is that of a certificate above all that the client lists, or of one that it lists as its own issuer.
bool is_roots_date(const Evidence& evidence, const DateJudgement& dates);

} // namespace alert40
