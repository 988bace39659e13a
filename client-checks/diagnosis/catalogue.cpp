// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/rules.h"

#include <array>

namespace alert40 {
namespace {

// Among equals the more usual cause comes first: by recorded runs, first those that alert 40 came from.
// What other connections of the same client show comes before all that a single one can.
constexpr std::array kRules = {
    RuleEntry{"backend-differs", rule_backend_differs},
    RuleEntry{"alpn-mismatch", rule_alpn_mismatch},
    RuleEntry{"resumption-broken", rule_resumption_broken},
    RuleEntry{"cipher-mismatch", rule_cipher_mismatch},
    RuleEntry{"group-mismatch", rule_group_mismatch},
    RuleEntry{"signature-scheme-mismatch", rule_signature_scheme_mismatch},
    RuleEntry{"client-certificate-required", rule_client_certificate_required},
    RuleEntry{"client-certificate-untrusted", rule_client_certificate_untrusted},
    RuleEntry{"client-certificate-expired", rule_client_certificate_expired},
    RuleEntry{"server-certificate-missing", rule_server_certificate_missing},
    RuleEntry{"version-mismatch", rule_version_mismatch},
    RuleEntry{"certificate-wrong-name", rule_certificate_wrong_name},
    RuleEntry{"sni-unknown-name", rule_sni_unknown_name},
    RuleEntry{"sni-missing", rule_sni_missing},
    RuleEntry{"certificate-untrusted-root", rule_certificate_untrusted_root},
    RuleEntry{"certificate-self-signed", rule_certificate_self_signed},
    RuleEntry{"certificate-expired", rule_certificate_expired},
    RuleEntry{"certificate-chain-incomplete", rule_certificate_chain_incomplete},
    RuleEntry{"certificate-not-yet-valid", rule_certificate_not_yet_valid},
    RuleEntry{"intermediate-expired", rule_intermediate_expired},
    RuleEntry{"certificate-wrong-usage", rule_certificate_wrong_usage},
    RuleEntry{"certificate-constraint", rule_certificate_constraint},
    RuleEntry{"certificate-weak-key", rule_certificate_weak_key},
    RuleEntry{"certificate-weak-signature", rule_certificate_weak_signature},
    RuleEntry{"certificate-malformed", rule_certificate_malformed},
    RuleEntry{"certificate-chain-misordered", rule_certificate_chain_misordered},
    RuleEntry{"certificate-chain-too-large", rule_certificate_chain_too_large},
    RuleEntry{"root-expired", rule_root_expired},
    RuleEntry{"client-clock-wrong", rule_client_clock_wrong},
    RuleEntry{"certificate-revoked", rule_certificate_revoked},
    RuleEntry{"staple-missing", rule_staple_missing},
    RuleEntry{"staple-invalid", rule_staple_invalid},
    RuleEntry{"certificate-pin-mismatch", rule_certificate_pin_mismatch},
    RuleEntry{"client-certificate-not-yet-valid", rule_client_certificate_not_yet_valid},
    RuleEntry{"client-certificate-wrong-usage", rule_client_certificate_wrong_usage},
    RuleEntry{"client-certificate-key-mismatch", rule_client_certificate_key_mismatch},
    RuleEntry{"server-key-mismatch", rule_server_key_mismatch},
    RuleEntry{"not-tls", rule_not_tls},
    RuleEntry{"middlebox-injected-alert", rule_middlebox_injected_alert},
    RuleEntry{"weak-dh", rule_weak_dh},
    RuleEntry{"secure-renegotiation-missing", rule_secure_renegotiation_missing},
    RuleEntry{"wrong-server", rule_wrong_server},
    RuleEntry{"downgrade-tampering", rule_downgrade_tampering},
    RuleEntry{"server-certificate-corrupt", rule_server_certificate_corrupt},
    RuleEntry{"extended-master-secret-missing", rule_extended_master_secret_missing},
    RuleEntry{"protocol-violation", rule_protocol_violation},
    RuleEntry{"inappropriate-fallback", rule_inappropriate_fallback},
    RuleEntry{"server-not-listening", rule_server_not_listening},
    RuleEntry{"client-misconfigured", rule_client_misconfigured},
    RuleEntry{"middlebox-reset", rule_middlebox_reset},
    RuleEntry{"middlebox-close", rule_middlebox_close},
    RuleEntry{"middlebox-drop", rule_middlebox_drop},
    RuleEntry{"record-tampering", rule_record_tampering},
    RuleEntry{"version-intolerance", rule_version_intolerance},
    RuleEntry{"large-client-hello-intolerance", rule_large_client_hello_intolerance},
    RuleEntry{"starttls-expected", rule_starttls_expected},
    RuleEntry{"proxy-protocol-expected", rule_proxy_protocol_expected},
    RuleEntry{"tls-inspection", rule_tls_inspection},
};

} // namespace

std::span<const RuleEntry> all_rules()
{
    return kRules;
}

} // namespace alert40
