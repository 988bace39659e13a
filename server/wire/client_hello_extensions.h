// SPDX-License-Identifier: GPL-2.0-or-later
// The extensions of a ClientHello that alert40 looks into: one reader per body, and one maker per extension.
// A reader takes the body's Reader and reports what is wrong there, see reader.h.
#pragma once

#include "server/wire/client_hello.h"
#include "server/wire/extension.h"

#include <string>
#include <string_view>
#include <vector>

namespace alert40 {

std::vector<std::string> read_server_names(Reader& body);           // RFC 6066 section 3, the host_names
std::vector<ProtocolVersion> read_supported_versions(Reader& body); // RFC 8446 section 4.2.1
std::vector<NamedGroup> read_supported_groups(Reader& body);        // RFC 8446 section 4.2.7
std::vector<SignatureScheme> read_signature_schemes(Reader& body);  // RFC 8446 section 4.2.3
std::vector<std::string> read_alpn_protocols(Reader& body);         // RFC 7301 section 3.1
std::vector<KeyShare> read_key_shares(Reader& body);                // RFC 8446 section 4.2.8
Bytes read_psk_key_exchange_modes(Reader& body);                    // RFC 8446 section 4.2.9
Bytes read_renegotiation_info(Reader& body);                        // RFC 5746 section 3.2

/// Reads through every body of the above types, for its errors; also: pre_shared_key must be the last extension.
void check_client_hello_extensions(const std::vector<Extension>& extensions, std::optional<WireError>& error);

Extension server_name_extension(std::string_view host_name);
Extension supported_versions_extension(const std::vector<ProtocolVersion>& versions);
Extension supported_groups_extension(const std::vector<NamedGroup>& groups);
Extension signature_algorithms_extension(const std::vector<SignatureScheme>& schemes);
Extension signature_algorithms_cert_extension(const std::vector<SignatureScheme>& schemes);
Extension alpn_extension(const std::vector<std::string>& protocols);
Extension key_share_extension(const std::vector<KeyShare>& shares);
Extension psk_key_exchange_modes_extension(ByteView modes);
Extension renegotiation_info_extension();
Extension extended_master_secret_extension();
Extension ec_point_formats_extension();              // uncompressed alone
Extension status_request_extension();                // OCSP, no responders, no extensions
Extension session_ticket_extension(ByteView ticket); // empty: asks for one
Extension padding_extension(std::size_t length);     // RFC 7685; length of the body

} // namespace alert40
