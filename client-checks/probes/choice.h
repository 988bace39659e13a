// SPDX-License-Identifier: GPL-2.0-or-later
// What a client refuses although the server negotiates: a choice that its library does not take.
#pragma once

#include "client-checks/diagnosis/finding.h"
#include "client-checks/probes/answer.h"

namespace alert40 {

struct ChoiceJudgement {
    std::vector<Finding> findings;
    std::vector<std::string> notes; // of no consequence for this client
};

/// `library` of the client whose ClientHello was answered; empty: a current client of no certain one.
ChoiceJudgement judge_choice(const Answer& answer, std::string_view library);

} // namespace alert40
