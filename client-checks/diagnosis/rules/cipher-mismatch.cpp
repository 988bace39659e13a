// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/offer.h"
#include "client-checks/diagnosis/words.h"

namespace alert40 {

std::optional<Finding> rule_cipher_mismatch(const Evidence& evidence)
{
    const std::string cause = "cipher-mismatch";
    if (words(evidence, {"local:cipher"}) >= Words::among && !evidence.ended_before_server_hello())
        return found(cause, Confidence::possible, evidence);
    const bool refused =
        hello_refused(evidence, {AlertDescription::handshake_failure, AlertDescription::insufficient_security});
    if (!refused && !hello_closed(evidence)) return std::nullopt;
    const auto* hello = evidence.client_hello();
    if (hello == nullptr) return found(cause, Confidence::possible, evidence);
    // RFC 8446 section 4.1.4: a HelloRetryRequest already names the suite.
    if (evidence.wire->hello_retry_request) return std::nullopt;
    const auto narrow = narrow_suites(*hello);
    return found(cause, refused && narrow ? Confidence::likely : Confidence::possible, evidence, {narrow.value_or("")});
}

} // namespace alert40
