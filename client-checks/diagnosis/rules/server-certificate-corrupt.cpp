// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/violations.h"
#include "client-checks/diagnosis/words.h"

namespace alert40 {

std::optional<Finding> rule_server_certificate_corrupt(const Evidence& evidence)
{
    const std::string cause = "server-certificate-corrupt";
    const auto meant = words(evidence, {"verify:malformed"});
    if (!evidence.has_wire()) {
        // Most server software refuses to start with a file that it cannot read.
        if (evidence.means_only("refused")) return found(cause, Confidence::possible, evidence);
        if (meant < Words::among) return std::nullopt;
        return found(cause, meant == Words::exact ? Confidence::likely : Confidence::possible, evidence);
    }
    if (evidence.means_only("refused")) return found(cause, Confidence::possible, evidence);
    if (const auto corrupt = corrupt_certificate(*evidence.wire); corrupt && !evidence.knows_lengths_alone())
        return found(cause, Confidence::likely, evidence, {*corrupt});
    // Measured: Erlang listens all the same, and closes or resets each connection (25 runs).
    const bool dropped = evidence.ended<WeClosed>() || evidence.ended<WeReset>();
    if (evidence.ended_before_server_hello() && evidence.client_hello() != nullptr && dropped)
        return found(cause, Confidence::possible, evidence);
    // The chain was read and is sound, or a ServerHello never came.
    if (!evidence.wire->server_chain.empty() || evidence.ended_before_server_hello()) return std::nullopt;
    if (meant >= Words::among)
        return found(cause, meant == Words::exact ? Confidence::likely : Confidence::possible, evidence);
    if (evidence.client_sent(AlertDescription::decode_error)) return found(cause, Confidence::possible, evidence);
    return std::nullopt;
}

} // namespace alert40
