// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/silence.h"
#include "client-checks/diagnosis/words.h"

namespace alert40 {

std::optional<Finding> rule_version_intolerance(const Evidence& evidence)
{
    const auto* hello = evidence.client_hello();
    if (hello == nullptr || !evidence.ended_before_server_hello()) return std::nullopt;
    // RFC 8446 section 4.1.2: an older server ignores what it does not know and negotiates. One that stumbles over it
    // ends the connection, and says no reason: only a ClientHello without it that succeeds proves this.
    const bool refused = evidence.ended<WeClosed>() || evidence.ended<WeReset>() ||
                         evidence.server_sent(AlertDescription::handshake_failure) ||
                         silence_at_end(*evidence.wire) >= kPatience || evidence.means_only("timeout");
    if (!refused) return std::nullopt;
    std::string what;
    if (hello->offers(ProtocolVersion::tls13))
        what = "the ClientHello offers TLS 1.3";
    else if (hello->has_extension(ExtensionType::supported_versions))
        what = "the ClientHello carries supported_versions";
    else if (evidence.wire->client_hello_record_version < ProtocolVersion::tls12)
        what = "the ClientHello's record says " + display_name(evidence.wire->client_hello_record_version);
    if (what.empty()) return std::nullopt;
    return found("version-intolerance", Confidence::possible, evidence, {what});
}

} // namespace alert40
