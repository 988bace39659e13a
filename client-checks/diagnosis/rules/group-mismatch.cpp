// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/offer.h"
#include "client-checks/diagnosis/words.h"

namespace alert40 {
namespace {

std::optional<Finding> by_offer(const Evidence& evidence, const ClientHello& hello)
{
    // RFC 8446 section 4.1.4: a HelloRetryRequest names the group that is common.
    if (evidence.wire->hello_retry_request || !needs_group(hello)) return std::nullopt;
    const auto narrow = narrow_groups(hello);
    return found("group-mismatch", narrow && !hello_closed(evidence) ? Confidence::likely : Confidence::possible,
                 evidence, {narrow.value_or("")});
}

} // namespace

std::optional<Finding> rule_group_mismatch(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    // Measured: Java answers 10 in TLS 1.3 where no group is common (9 of 9 runs), and to nothing else of a client's
    // offer.
    const bool java = hello_refused(evidence, {AlertDescription::unexpected_message});
    if (java && hello != nullptr && hello->offers(ProtocolVersion::tls13))
        return found("group-mismatch", Confidence::likely, evidence);
    if (java && !evidence.has_wire()) return found("group-mismatch", Confidence::possible, evidence);
    if (words(evidence, {"local:group"}) >= Words::among && !evidence.ended_before_server_hello())
        return found("group-mismatch", Confidence::possible, evidence);
    if (!hello_refused(evidence, {AlertDescription::handshake_failure, AlertDescription::insufficient_security}) &&
        !hello_closed(evidence))
        return std::nullopt;
    if (hello == nullptr) return found("group-mismatch", Confidence::possible, evidence);
    return by_offer(evidence, *hello);
}

} // namespace alert40
