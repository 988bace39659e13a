// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/extension_type.h"

#include "scenarios/vocabulary/name_table.h"

namespace alert40 {
namespace {

constexpr NameRow<ExtensionType> kNames[] = {
    {ExtensionType::server_name, "server_name"},
    {ExtensionType::max_fragment_length, "max_fragment_length"},
    {ExtensionType::client_certificate_url, "client_certificate_url"},
    {ExtensionType::trusted_ca_keys, "trusted_ca_keys"},
    {ExtensionType::truncated_hmac, "truncated_hmac"},
    {ExtensionType::status_request, "status_request"},
    {ExtensionType::user_mapping, "user_mapping"},
    {ExtensionType::client_authz, "client_authz"},
    {ExtensionType::server_authz, "server_authz"},
    {ExtensionType::cert_type, "cert_type"},
    {ExtensionType::supported_groups, "supported_groups"},
    {ExtensionType::ec_point_formats, "ec_point_formats"},
    {ExtensionType::srp, "srp"},
    {ExtensionType::signature_algorithms, "signature_algorithms"},
    {ExtensionType::use_srtp, "use_srtp"},
    {ExtensionType::heartbeat, "heartbeat"},
    {ExtensionType::application_layer_protocol_negotiation, "application_layer_protocol_negotiation"},
    {ExtensionType::status_request_v2, "status_request_v2"},
    {ExtensionType::signed_certificate_timestamp, "signed_certificate_timestamp"},
    {ExtensionType::client_certificate_type, "client_certificate_type"},
    {ExtensionType::server_certificate_type, "server_certificate_type"},
    {ExtensionType::padding, "padding"},
    {ExtensionType::encrypt_then_mac, "encrypt_then_mac"},
    {ExtensionType::extended_master_secret, "extended_master_secret"},
    {ExtensionType::token_binding, "token_binding"},
    {ExtensionType::cached_info, "cached_info"},
    {ExtensionType::tls_lts, "tls_lts"},
    {ExtensionType::compress_certificate, "compress_certificate"},
    {ExtensionType::record_size_limit, "record_size_limit"},
    {ExtensionType::pwd_protect, "pwd_protect"},
    {ExtensionType::pwd_clear, "pwd_clear"},
    {ExtensionType::password_salt, "password_salt"},
    {ExtensionType::ticket_pinning, "ticket_pinning"},
    {ExtensionType::tls_cert_with_extern_psk, "tls_cert_with_extern_psk"},
    {ExtensionType::delegated_credential, "delegated_credential"},
    {ExtensionType::session_ticket, "session_ticket"},
    {ExtensionType::tlmsp, "tlmsp"},
    {ExtensionType::tlmsp_proxying, "tlmsp_proxying"},
    {ExtensionType::tlmsp_delegate, "tlmsp_delegate"},
    {ExtensionType::supported_ekt_ciphers, "supported_ekt_ciphers"},
    {ExtensionType::pre_shared_key, "pre_shared_key"},
    {ExtensionType::early_data, "early_data"},
    {ExtensionType::supported_versions, "supported_versions"},
    {ExtensionType::cookie, "cookie"},
    {ExtensionType::psk_key_exchange_modes, "psk_key_exchange_modes"},
    {ExtensionType::certificate_authorities, "certificate_authorities"},
    {ExtensionType::oid_filters, "oid_filters"},
    {ExtensionType::post_handshake_auth, "post_handshake_auth"},
    {ExtensionType::signature_algorithms_cert, "signature_algorithms_cert"},
    {ExtensionType::key_share, "key_share"},
    {ExtensionType::transparency_info, "transparency_info"},
    {ExtensionType::connection_id_deprecated, "connection_id_DEPRECATED"},
    {ExtensionType::connection_id, "connection_id"},
    {ExtensionType::external_id_hash, "external_id_hash"},
    {ExtensionType::external_session_id, "external_session_id"},
    {ExtensionType::quic_transport_parameters, "quic_transport_parameters"},
    {ExtensionType::ticket_request, "ticket_request"},
    {ExtensionType::dnssec_chain, "dnssec_chain"},
    {ExtensionType::sequence_number_encryption_algorithms, "sequence_number_encryption_algorithms"},
    {ExtensionType::rrc, "rrc"},
    {ExtensionType::tls_flags, "tls_flags"},
    {ExtensionType::next_protocol_negotiation, "next_protocol_negotiation"},
    {ExtensionType::application_settings_old, "application_settings_old"},
    {ExtensionType::application_settings, "application_settings"},
    {ExtensionType::channel_id_old, "channel_id_old"},
    {ExtensionType::channel_id, "channel_id"},
    {ExtensionType::trust_anchors, "trust_anchors"},
    {ExtensionType::ech_outer_extensions, "ech_outer_extensions"},
    {ExtensionType::encrypted_client_hello, "encrypted_client_hello"},
    {ExtensionType::renegotiation_info, "renegotiation_info"},
    {ExtensionType::quic_transport_parameters_draft, "quic_transport_parameters_draft"},
    {ExtensionType::encrypted_server_name, "encrypted_server_name"},
};

} // namespace

std::string name(ExtensionType type)
{
    const auto known = name_in(kNames, type);
    return known.empty() ? unknown(static_cast<unsigned>(type)) : std::string(known);
}

std::optional<ExtensionType> find_extension_type(std::string_view name)
{
    return value_in(kNames, name);
}

std::vector<std::string> all_extension_type_names()
{
    return names_in(kNames);
}

} // namespace alert40
