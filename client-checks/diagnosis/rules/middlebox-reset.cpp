// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/client_certificate.h"
#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/refused_syn.h"
#include "client-checks/diagnosis/words.h"

namespace alert40 {

std::optional<Finding> rule_middlebox_reset(const Evidence& evidence)
{
    const std::string cause = "middlebox-reset";
    if (!evidence.has_wire() && evidence.can_mean("reset") && says_closed(evidence))
        return found(cause, Confidence::possible, evidence);
    if (!evidence.has_wire())
        return evidence.means_only("reset") ? std::optional(found(cause, Confidence::likely, evidence)) : std::nullopt;
    // A firewall may reject a SYN with a RST as well; far more often nothing listens there.
    if (evidence.has_wire() && is_refused_syn(*evidence.wire))
        return found(cause, Confidence::possible, evidence, {"a RST answered the client's SYN"});
    if (!evidence.ended<WeReset>() || may_hide_alert(*evidence.wire, Direction::server_to_client)) return std::nullopt;
    // A reset has no reason in it and proves no box: plain services, a PROXY header that is expected and a ClientHello
    // of two segments end so too; after the client's answer a server that refuses it may.
    const bool early = evidence.outcome->phase <= Phase::after_server_hello;
    const bool answered = client_answer(evidence) != ClientAnswer::not_asked;
    return found(cause, early && !answered ? Confidence::likely : Confidence::possible, evidence);
}

} // namespace alert40
