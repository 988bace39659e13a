// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/words.h"

#include <fmt/format.h>

namespace alert40 {

namespace {

/// The ServerKeyExchange was not recorded: a finite-field exchange that the client refuses.
std::optional<Finding> by_suite(const Evidence& evidence)
{
    const auto* suite = evidence.outcome->cipher_suite ? find_cipher_suite(*evidence.outcome->cipher_suite) : nullptr;
    if (suite == nullptr || suite->key_exchange != KeyExchange::dhe) return std::nullopt;
    if (!evidence.knows_lengths_alone()) return std::nullopt;
    const bool refused = evidence.client_sent(AlertDescription::handshake_failure) ||
                         evidence.client_sent(AlertDescription::insufficient_security) ||
                         evidence.client_sent(AlertDescription::illegal_parameter);
    const std::string chosen = "the server chose " + std::string(suite->iana_name);
    return found("weak-dh", refused ? Confidence::likely : Confidence::possible, evidence, {chosen});
}

} // namespace

std::optional<Finding> rule_weak_dh(const Evidence& evidence)
{
    constexpr std::size_t kAcceptedByAll = 2048;  // RFC 7919 section 3.1 lets a client refuse what is shorter
    if (evidence.is_tls13()) return std::nullopt; // named groups alone
    const bool said = evidence.means_only("local:dh-too-small");
    if (!evidence.has_wire())
        return said ? std::optional(found("weak-dh", Confidence::certain, evidence)) : std::nullopt;

    const std::size_t bits = evidence.wire->dh_bits;
    const auto prime = fmt::format("the prime in the server's ServerKeyExchange has {} bits", bits);
    if (said) return found("weak-dh", Confidence::certain, evidence, {bits > 0 ? prime : ""});
    if (bits == 0) return by_suite(evidence);
    if (bits >= kAcceptedByAll) return std::nullopt;
    // Measured: OpenSSL sends 40 (25 of 28 runs), Botan and NSS 71, mbedTLS 47.
    const bool refused = evidence.client_sent(AlertDescription::handshake_failure) ||
                         evidence.client_sent(AlertDescription::insufficient_security) ||
                         evidence.client_sent(AlertDescription::illegal_parameter);
    if (refused) return found("weak-dh", Confidence::likely, evidence, {prime});
    const bool left = evidence.ended<PeerClosed>() || evidence.ended<PeerReset>();
    if (left && words(evidence, {"local:dh-too-small"}) != Words::otherwise)
        return found("weak-dh", Confidence::possible, evidence, {prime});
    return std::nullopt;
}

} // namespace alert40
