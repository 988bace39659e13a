// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/offer.h"
#include "client-checks/diagnosis/sound_end.h"
#include "client-checks/diagnosis/words.h"

#include <algorithm>
#include <array>

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
    if (hello == nullptr || client_just_left(*evidence.wire, evidence.beside)) return std::nullopt;
    const auto succeeded = [&](const Transcript* other, auto same) {
        const bool sound = completed(*other) || client_just_left(*other, std::array{evidence.wire});
        return sound && other->client_hello && same(*other->client_hello, *hello);
    };
    const auto find = [&](auto same) {
        return std::ranges::find_if(evidence.beside, [&](const auto* other) { return succeeded(other, same); });
    };
    const auto other = find(same_offer);
    if (other == evidence.beside.end()) {
        if (find(same_offer_but_session) == evidence.beside.end()) return std::nullopt;
        return found("backend-differs", Confidence::possible, evidence,
                     {"another connection succeeded with the same offer but for a session"});
    }
    const bool certificates_differ = took_another_certificate(evidence, **other);
    // Whatever else comes and goes (a device, a limit, a change in between) shows no second certificate.
    return found("backend-differs", certificates_differ ? Confidence::certain : Confidence::likely, evidence,
                 {"another connection with the same offer succeeded",
                  certificates_differ ? "it was shown another certificate" : ""});
}

} // namespace alert40
