// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/offer.h"
#include "client-checks/diagnosis/words.h"

namespace alert40 {
std::optional<Finding> rule_resumption_broken(const Evidence& evidence)
{
    // RFC 8470, section 5.2: only a request in early data is answered so, and only a resumed session has any.
    if (evidence.can_mean("http-status:425"))
        return found("resumption-broken", Confidence::likely, evidence, {"the request came as early data"});
    const auto* hello = evidence.client_hello();
    if (hello == nullptr) return std::nullopt;
    if (!offers_session(*hello)) return std::nullopt;
    // The client holds a session of this name: it has agreed with a server of it before. None of 96 recorded
    // connections with a ticket that could not be read failed.
    if (!hello_refused(evidence, {AlertDescription::handshake_failure, AlertDescription::bad_record_mac,
                                  AlertDescription::internal_error, AlertDescription::decrypt_error,
                                  AlertDescription::illegal_parameter, AlertDescription::unexpected_message}))
        return std::nullopt;
    return found("resumption-broken", Confidence::likely, evidence,
                 {hello->has_pre_shared_key() ? "the ClientHello offers a session by pre_shared_key"
                                              : "the ClientHello offers a session by its ticket"});
}

} // namespace alert40
