// SPDX-License-Identifier: GPL-2.0-or-later
// The rules, one per cause and file. A rule says nothing where the evidence does not fit its cause.
#pragma once

#include "client-checks/diagnosis/finding.h"

namespace alert40 {

std::optional<Finding> rule_cipher_mismatch(const Evidence& evidence);
std::optional<Finding> rule_group_mismatch(const Evidence& evidence);
std::optional<Finding> rule_signature_scheme_mismatch(const Evidence& evidence);
std::optional<Finding> rule_client_certificate_required(const Evidence& evidence);
std::optional<Finding> rule_client_certificate_untrusted(const Evidence& evidence);
std::optional<Finding> rule_client_certificate_expired(const Evidence& evidence);
std::optional<Finding> rule_server_certificate_missing(const Evidence& evidence);
std::optional<Finding> rule_version_mismatch(const Evidence& evidence);
std::optional<Finding> rule_sni_unknown_name(const Evidence& evidence);
std::optional<Finding> rule_sni_missing(const Evidence& evidence);
std::optional<Finding> rule_certificate_wrong_name(const Evidence& evidence);
std::optional<Finding> rule_certificate_untrusted_root(const Evidence& evidence);
std::optional<Finding> rule_certificate_self_signed(const Evidence& evidence);
std::optional<Finding> rule_certificate_expired(const Evidence& evidence);
std::optional<Finding> rule_certificate_chain_incomplete(const Evidence& evidence);
std::optional<Finding> rule_certificate_not_yet_valid(const Evidence& evidence);
std::optional<Finding> rule_intermediate_expired(const Evidence& evidence);
std::optional<Finding> rule_certificate_wrong_usage(const Evidence& evidence);
std::optional<Finding> rule_certificate_constraint(const Evidence& evidence);
std::optional<Finding> rule_certificate_weak_key(const Evidence& evidence);
std::optional<Finding> rule_certificate_weak_signature(const Evidence& evidence);
std::optional<Finding> rule_certificate_malformed(const Evidence& evidence);
std::optional<Finding> rule_certificate_chain_misordered(const Evidence& evidence);
std::optional<Finding> rule_certificate_chain_too_large(const Evidence& evidence);
std::optional<Finding> rule_root_expired(const Evidence& evidence);
std::optional<Finding> rule_client_clock_wrong(const Evidence& evidence);
std::optional<Finding> rule_certificate_revoked(const Evidence& evidence);
std::optional<Finding> rule_staple_missing(const Evidence& evidence);
std::optional<Finding> rule_staple_invalid(const Evidence& evidence);
std::optional<Finding> rule_certificate_pin_mismatch(const Evidence& evidence);
std::optional<Finding> rule_client_certificate_not_yet_valid(const Evidence& evidence);
std::optional<Finding> rule_client_certificate_wrong_usage(const Evidence& evidence);
std::optional<Finding> rule_client_certificate_key_mismatch(const Evidence& evidence);
std::optional<Finding> rule_server_key_mismatch(const Evidence& evidence);
std::optional<Finding> rule_not_tls(const Evidence& evidence);
std::optional<Finding> rule_middlebox_injected_alert(const Evidence& evidence);
std::optional<Finding> rule_weak_dh(const Evidence& evidence);
std::optional<Finding> rule_secure_renegotiation_missing(const Evidence& evidence);
std::optional<Finding> rule_alpn_mismatch(const Evidence& evidence);
std::optional<Finding> rule_resumption_broken(const Evidence& evidence);
std::optional<Finding> rule_wrong_server(const Evidence& evidence);
std::optional<Finding> rule_backend_differs(const Evidence& evidence);
std::optional<Finding> rule_downgrade_tampering(const Evidence& evidence);
std::optional<Finding> rule_protocol_violation(const Evidence& evidence);
std::optional<Finding> rule_server_certificate_corrupt(const Evidence& evidence);
std::optional<Finding> rule_extended_master_secret_missing(const Evidence& evidence);
std::optional<Finding> rule_inappropriate_fallback(const Evidence& evidence);
std::optional<Finding> rule_server_not_listening(const Evidence& evidence);
std::optional<Finding> rule_client_misconfigured(const Evidence& evidence);
std::optional<Finding> rule_middlebox_reset(const Evidence& evidence);
std::optional<Finding> rule_middlebox_close(const Evidence& evidence);
std::optional<Finding> rule_middlebox_drop(const Evidence& evidence);
std::optional<Finding> rule_record_tampering(const Evidence& evidence);
std::optional<Finding> rule_version_intolerance(const Evidence& evidence);
std::optional<Finding> rule_large_client_hello_intolerance(const Evidence& evidence);
std::optional<Finding> rule_starttls_expected(const Evidence& evidence);
std::optional<Finding> rule_proxy_protocol_expected(const Evidence& evidence);
std::optional<Finding> rule_tls_inspection(const Evidence& evidence);

} // namespace alert40
