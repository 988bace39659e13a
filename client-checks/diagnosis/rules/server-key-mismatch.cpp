// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include "client-checks/diagnosis/chain_refusal.h"
#include "client-checks/diagnosis/client_certificate.h"

namespace alert40 {

std::optional<Finding> rule_server_key_mismatch(const Evidence& evidence)
{
    const std::string cause = "server-key-mismatch";
    // OpenSSL 1.0.1 starts without the pair and has nothing to sign with (10 recorded runs); most others do not listen.
    if (evidence.refused_before_server_hello(AlertDescription::handshake_failure))
        return found(cause, Confidence::possible, evidence);
    // Dovecot and Mojolicious listen with a key that OpenSSL will not take, and drop each connection (9 runs).
    const bool dropped = evidence.ended<WeClosed>() || evidence.ended<WeReset>();
    if (dropped && evidence.outcome->phase == Phase::before_server_hello)
        return found(cause, Confidence::possible, evidence);
    if (evidence.side_unknown && says_foreign_key(evidence))
        return found(cause, Confidence::likely, evidence, {"a server's log may say so as well as a client's"});
    if (evidence.means_only("refused")) return found(cause, Confidence::possible, evidence);

    if (is_plain_client_40(evidence)) return found(cause, Confidence::possible, evidence);

    // RFC 8446 section 4.4.3 and 6.2: a signature that does not verify is decrypt_error. Not certain: weak schemes and
    // altered records end so as well. Measured beside it: 42 (rustls), 40 (Java) and 10 (Go) in TLS 1.2.
    const auto refusal = chain_refusal(
        evidence, {"verify:bad-signature"},
        {AlertDescription::decrypt_error, AlertDescription::bad_certificate, AlertDescription::unexpected_message});
    const auto* suite = evidence.outcome && evidence.outcome->cipher_suite
                            ? find_cipher_suite(*evidence.outcome->cipher_suite)
                            : nullptr;
    const bool unsigned_exchange = suite != nullptr && suite->key_exchange == KeyExchange::rsa;
    if (refusal == ChainRefusal::no || unsigned_exchange) return std::nullopt;
    if (evidence.client_sent(AlertDescription::decrypt_error) || refusal == ChainRefusal::exact)
        return found(cause, Confidence::likely, evidence);
    return found(cause, Confidence::possible, evidence);
}

} // namespace alert40
