// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/refused_syn.h"
#include "client-checks/diagnosis/words.h"

namespace alert40 {

/// A refused connection leaves the client's words and, where the packets were seen, a RST to the SYN. Never certain: a
/// wrong address or port and a firewall that rejects with a RST look the same.
std::optional<Finding> rule_server_not_listening(const Evidence& evidence)
{
    if (evidence.has_wire() && is_refused_syn(*evidence.wire))
        return found("server-not-listening", Confidence::likely, evidence, {"a RST answered the client's SYN"});
    if (evidence.has_wire()) return std::nullopt; // somebody accepted it
    const Words meant = words(evidence, {"refused"});
    if (meant < Words::among) return std::nullopt;
    return found("server-not-listening", meant == Words::exact ? Confidence::likely : Confidence::possible, evidence);
}

} // namespace alert40
