// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/client_certificate.h"

namespace alert40 {
namespace {

constexpr auto kCause = "client-certificate-untrusted";

/// The client may have one, but none from an issuer on the server's list.
std::optional<Finding> withheld(const Evidence& evidence)
{
    if (evidence.library.find("openssl") != std::string::npos || evidence.account.sends_what_it_has)
        return std::nullopt;                         // sends what it has, whatever the list says
    if (asks_anybody(evidence)) return std::nullopt; // no list, nothing to withhold for
    if (server_refused(evidence, {AlertDescription::certificate_required, AlertDescription::handshake_failure,
                                  AlertDescription::bad_certificate, AlertDescription::decode_error}) ||
        refused_without_alert(evidence))
        return found(kCause, Confidence::possible, evidence,
                     {"the client sent no certificate; it may have none that the server's list covers"});
    return std::nullopt;
}

std::optional<Finding> refused(const Evidence& evidence)
{
    const auto in_date = client_certificate_in_date(evidence);
    if (in_date == false) return std::nullopt; // client-certificate-expired explains it
    const bool was_sent = client_answer(evidence) == ClientAnswer::certificate;
    const std::string good = in_date ? "the client's certificate is in date" : "";
    if (server_refused(evidence, AlertDescription::unknown_ca))
        return found(kCause, in_date || was_sent ? Confidence::certain : Confidence::likely, evidence, {good});
    if (server_refused(evidence, AlertDescription::handshake_failure) || certificate_refused(evidence))
        return found(kCause, in_date ? Confidence::likely : Confidence::possible, evidence, {good});
    return std::nullopt;
}

} // namespace

std::optional<Finding> rule_client_certificate_untrusted(const Evidence& evidence)
{
    switch (client_answer(evidence)) {
    case ClientAnswer::not_asked:
        return std::nullopt;
    case ClientAnswer::no_certificate:
        return withheld(evidence);
    case ClientAnswer::certificate:
        return refused(evidence);
    case ClientAnswer::unknown:
        break;
    }
    if (server_refused(evidence, AlertDescription::unknown_ca))
        return found(kCause, unless_vague(evidence, Confidence::likely), evidence);
    if (server_refused(evidence, AlertDescription::certificate_required))
        return found(kCause, Confidence::possible, evidence);
    return refused(evidence);
}

} // namespace alert40
