// SPDX-License-Identifier: GPL-2.0-or-later
// What one protocol says in the STARTTLS dialogue. One table line each (starttls_dialogue.cpp); only that file and
// those of the protocols include this header.
#pragma once

#include "server/wire/starttls_dialogue.h"

#include <optional>

namespace alert40 {

struct StarttlsProtocol {
    Starttls protocol;
    std::string_view display_name;

    Bytes (*greeting)();

    /// The length of the first message in `bytes` (not empty): 0 where it is not whole yet, nullopt where it can never
    /// be one of this protocol.
    std::optional<std::size_t> (*measure)(ByteView bytes, const StarttlsState& state);

    StarttlsAnswer (*answer)(ByteView message, StarttlsState& state);

    /// What is said, before the close, to a client that speaks something else.
    Bytes (*refusal)();
};

const StarttlsProtocol& smtp_protocol();
const StarttlsProtocol& imap_protocol();
const StarttlsProtocol& pop3_protocol();
const StarttlsProtocol& ftp_protocol();
const StarttlsProtocol& postgres_protocol();
const StarttlsProtocol& mysql_protocol();
const StarttlsProtocol& ldap_protocol();
const StarttlsProtocol& xmpp_protocol();

} // namespace alert40
