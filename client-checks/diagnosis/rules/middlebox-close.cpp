// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/words.h"

namespace alert40 {

std::optional<Finding> rule_middlebox_close(const Evidence& evidence)
{
    const std::string cause = "middlebox-close";
    if (!evidence.has_wire())
        return says_closed(evidence) ? std::optional(found(cause, Confidence::likely, evidence)) : std::nullopt;
    if (!evidence.ended<WeClosed>() || warned(evidence, AlertDescription::unrecognized_name)) return std::nullopt;
    if (may_hide_alert(*evidence.wire, Direction::client_to_server)) return std::nullopt; // the client ended it
    if (may_hide_alert(*evidence.wire, Direction::server_to_client)) return std::nullopt; // the server said why
    // Devices reset or drop; a FIN is more often the server's own, for a name that it does not know.
    if (evidence.ended_before_server_hello()) return found(cause, Confidence::possible, evidence);
    const bool in_flight = evidence.outcome->phase == Phase::after_server_hello && !evidence.is_tls13();
    return found(cause, in_flight ? Confidence::likely : Confidence::possible, evidence);
}

} // namespace alert40
