// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/words.h"

namespace alert40 {

std::optional<Finding> rule_extended_master_secret_missing(const Evidence& evidence)
{
    const std::string cause = "extended-master-secret-missing";
    const auto meant = words(evidence, {"local:extended-master-secret"});
    if (!evidence.has_wire()) {
        if (meant < Words::among) return std::nullopt;
        return found(cause, meant == Words::exact ? Confidence::certain : Confidence::possible, evidence);
    }
    const auto* hello = evidence.client_hello();
    if (hello == nullptr) return std::nullopt;
    // RFC 7627, sections 5.2 and 5.3: either side may abort with handshake_failure where the other has no extended
    // master secret. Measured: a Java server does, a client in FIPS mode does.
    if (const auto& answer = evidence.wire->server_hello) {
        const bool lacks =
            !evidence.is_tls13() && hello->has_extended_master_secret() && !answer->has_extended_master_secret();
        if (!lacks) return std::nullopt;
        const std::string fact = "the client offers extended_master_secret and the ServerHello does not take it";
        if (meant == Words::exact) return found(cause, Confidence::certain, evidence, {fact});
        if (evidence.client_sent(AlertDescription::handshake_failure))
            return found(cause, Confidence::likely, evidence, {fact});
        return std::nullopt;
    }
    if (!hello_refused(evidence, {AlertDescription::handshake_failure}) || hello->has_extended_master_secret())
        return std::nullopt;
    // OpenSSL 1.1.0, GnuTLS 3.4, mbedTLS 2.0, Bouncy Castle: each got the two of them together, or this one first.
    if (hello->has_extension(ExtensionType::encrypt_then_mac))
        return found(
            cause, Confidence::likely, evidence,
            {"the client offers encrypt_then_mac and not extended_master_secret: it was told to leave it out"});
    if (hello->offers(ProtocolVersion::tls13)) return std::nullopt;
    return found(cause, Confidence::possible, evidence, {"the client does not offer extended_master_secret"});
}

} // namespace alert40
