// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/words.h"

namespace alert40 {

std::optional<Finding> rule_downgrade_tampering(const Evidence& evidence)
{
    const std::string cause = "downgrade-tampering";
    const auto meant = words(evidence, {"local:downgrade"});
    if (!evidence.has_wire()) {
        if (meant < Words::among) return std::nullopt;
        return found(cause, meant == Words::exact ? Confidence::likely : Confidence::possible, evidence);
    }
    // RFC 8446, section 4.1.3: only a server that has a higher version puts the sentinel there, and it puts it there
    // only where it was offered none.
    const auto* hello = evidence.client_hello();
    const auto& answer = evidence.wire->server_hello;
    if (hello == nullptr || !answer) return std::nullopt;
    const auto sentinel = answer->downgrade_sentinel();
    if (sentinel == DowngradeSentinel::none) return std::nullopt;
    const auto version = answer->selected_version();
    const bool offered_more = (version <= ProtocolVersion::tls12 && hello->offers(ProtocolVersion::tls13)) ||
                              (version <= ProtocolVersion::tls11 && hello->offers(ProtocolVersion::tls12));
    const bool contradicts = sentinel == DowngradeSentinel::tls11_or_below && version == ProtocolVersion::tls12;
    if (!offered_more && !contradicts) return std::nullopt;
    const auto said = contradicts && !offered_more
                          ? std::string("the ServerHello of TLS 1.2 carries the sentinel of a downgrade to TLS 1.1")
                          : "the ServerHello of " + display_name(version) +
                                " carries the downgrade sentinel, and the client offered more";
    if (meant == Words::exact || evidence.client_sent(AlertDescription::illegal_parameter))
        return found(cause, Confidence::certain, evidence, {said});
    return found(cause, Confidence::likely, evidence, {said});
}

} // namespace alert40
