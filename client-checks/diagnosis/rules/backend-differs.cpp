// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/offer.h"
#include "client-checks/diagnosis/words.h"

#include <algorithm>

namespace alert40 {
namespace {

/// The client refused this certificate, and took another one with the same offer.
bool took_another_certificate(const Evidence& evidence, const Transcript& other)
{
    const auto& refused = evidence.wire->server_chain;
    const bool judged = evidence.outcome->phase >= Phase::after_server_hello && !evidence.ended<AlertSent>();
    return judged && !refused.empty() && !other.server_chain.empty() && refused.front() != other.server_chain.front();
}

} // namespace

/// What differs between two connections with the same offer is who answered.
std::optional<Finding> rule_backend_differs(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    if (hello == nullptr) return std::nullopt;
    const auto succeeded = [&](const Transcript* other) {
        const bool completed = std::holds_alternative<Completed>(outcome_of(*other).how) || looks_completed(*other);
        return completed && other->client_hello && same_offer(*other->client_hello, *hello);
    };
    const auto other = std::find_if(evidence.beside.begin(), evidence.beside.end(), succeeded);
    if (other == evidence.beside.end()) return std::nullopt;
    const bool certificates_differ = took_another_certificate(evidence, **other);
    // Whatever else comes and goes (a device, a limit, a change in between) shows no second certificate.
    return found("backend-differs", certificates_differ ? Confidence::certain : Confidence::likely, evidence,
                 {"another connection with the same offer succeeded",
                  certificates_differ ? "it was shown another certificate" : ""});
}

} // namespace alert40
