// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/offer.h"
#include "client-checks/diagnosis/words.h"

#include <algorithm>

namespace alert40 {

/// Another connection with the same offer succeeded: what differs is who answered.
std::optional<Finding> rule_backend_differs(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    if (hello == nullptr) return std::nullopt;
    const auto succeeded = [&](const Transcript* other) {
        return other->client_hello && same_offer(*other->client_hello, *hello) &&
               std::holds_alternative<Completed>(outcome_of(*other).how);
    };
    const auto count = std::count_if(evidence.beside.begin(), evidence.beside.end(), succeeded);
    if (count == 0) return std::nullopt;
    return found("backend-differs", Confidence::likely, evidence,
                 {count == 1 ? "another connection with the same offer succeeded"
                             : "other connections with the same offer succeeded"});
}

} // namespace alert40
