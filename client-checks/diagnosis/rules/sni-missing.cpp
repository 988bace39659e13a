// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/hidden_flight.h"

#include "certs/ip_address.h"
#include "client-checks/diagnosis/chain_refusal.h"

namespace alert40 {
namespace {

constexpr auto kCause = "sni-missing";

std::optional<Finding> by_text_alone(const Evidence& evidence)
{
    if (server_refused(evidence, AlertDescription::missing_extension))
        return found(kCause, unless_vague(evidence, Confidence::likely), evidence);
    if (server_refused(evidence, {AlertDescription::unrecognized_name, AlertDescription::internal_error}))
        return found(kCause, Confidence::possible, evidence);
    return std::nullopt;
}

} // namespace

std::optional<Finding> rule_sni_missing(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    if (hello == nullptr) return evidence.has_wire() ? std::nullopt : by_text_alone(evidence);
    // RFC 6066 section 3: "Literal IPv4 and IPv6 addresses are not permitted": such a name is none.
    const auto name = hello->server_name();
    if (name && !parse_ip_address(*name)) return std::nullopt;
    const std::string lacks = name ? "the ClientHello names an address, " + *name + ", in place of a server"
                                   : "the ClientHello names no server";
    // RFC 8446 section 9.2: missing_extension. Measured: 112 (129 runs), 80 (43, Go). 40 is allowed, and was never
    // recorded (0 of 184): there only the absence of the name speaks for it.
    // A name is not recognised where none was sent. Go without any certificate says 112 as well, to whatever name.
    if (!name && hello_refused(evidence, {AlertDescription::unrecognized_name}))
        return found(kCause, unless_vague(evidence, Confidence::certain), evidence, {lacks});
    if (hello_refused(evidence, {AlertDescription::missing_extension, AlertDescription::unrecognized_name,
                                 AlertDescription::internal_error, AlertDescription::handshake_failure}) ||
        evidence.refused_before_server_hello(AlertDescription::access_denied) || // rustls: see sni-unknown-name
        warned(evidence, AlertDescription::unrecognized_name))
        return found(kCause, Confidence::likely, evidence, {lacks});
    // RFC 9110 section 15.5.20: the Host names one whose settings are not those of this handshake.
    if (!name && words(evidence, {"http-status:421"}) == Words::exact)
        return found(kCause, Confidence::likely, evidence, {lacks});
    // Apache's answer to such a handshake where names are insisted on (SSLStrictSNIVHostCheck).
    if (!name && words(evidence, {"http-status:403"}) == Words::exact)
        return found(kCause, Confidence::possible, evidence, {lacks});
    if (evidence.ended_before_server_hello() && (evidence.ended<WeClosed>() || evidence.ended<WeReset>()))
        return found(kCause, Confidence::possible, evidence, {lacks});
    if (!evidence.alert && gave_up_behind_server_hello(*evidence.wire))
        return found(kCause, Confidence::possible, evidence, {lacks, "the server showed no certificate"});
    // A default host answers, and its certificate is for another name.
    const auto refusal = chain_refusal(evidence, {"verify:name-mismatch", "verify:self-signed"}, {});
    if (refusal >= ChainRefusal::among) return found(kCause, Confidence::possible, evidence, {lacks});
    return std::nullopt;
}

} // namespace alert40
