// SPDX-License-Identifier: GPL-2.0-or-later
#include "scenarios/vocabulary/handshake_type.h"

#include "scenarios/vocabulary/name_table.h"

namespace alert40 {
namespace {

constexpr NameRow<HandshakeType> kNames[] = {
    {HandshakeType::hello_request, "hello_request"},
    {HandshakeType::client_hello, "client_hello"},
    {HandshakeType::server_hello, "server_hello"},
    {HandshakeType::hello_verify_request, "hello_verify_request"},
    {HandshakeType::new_session_ticket, "new_session_ticket"},
    {HandshakeType::end_of_early_data, "end_of_early_data"},
    {HandshakeType::hello_retry_request_reserved, "hello_retry_request_RESERVED"},
    {HandshakeType::encrypted_extensions, "encrypted_extensions"},
    {HandshakeType::request_connection_id, "request_connection_id"},
    {HandshakeType::new_connection_id, "new_connection_id"},
    {HandshakeType::certificate, "certificate"},
    {HandshakeType::server_key_exchange, "server_key_exchange"},
    {HandshakeType::certificate_request, "certificate_request"},
    {HandshakeType::server_hello_done, "server_hello_done"},
    {HandshakeType::certificate_verify, "certificate_verify"},
    {HandshakeType::client_key_exchange, "client_key_exchange"},
    {HandshakeType::client_certificate_request, "client_certificate_request"},
    {HandshakeType::finished, "finished"},
    {HandshakeType::certificate_url, "certificate_url"},
    {HandshakeType::certificate_status, "certificate_status"},
    {HandshakeType::supplemental_data, "supplemental_data"},
    {HandshakeType::key_update, "key_update"},
    {HandshakeType::compressed_certificate, "compressed_certificate"},
    {HandshakeType::ekt_key, "ekt_key"},
    {HandshakeType::next_protocol, "next_protocol"},
    {HandshakeType::message_hash, "message_hash"},
};

} // namespace

std::string name(HandshakeType type)
{
    const auto known = name_in(kNames, type);
    return known.empty() ? unknown(static_cast<unsigned>(type)) : std::string(known);
}

std::optional<HandshakeType> find_handshake_type(std::string_view name)
{
    return value_in(kNames, name);
}

std::vector<std::string> all_handshake_type_names()
{
    return names_in(kNames);
}

} // namespace alert40
