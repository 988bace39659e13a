// SPDX-License-Identifier: GPL-2.0-or-later
// What an LDAP server says to the extended request that asks for TLS (RFC 4511, section 4.14), read in BER: Active
// Directory has lengths in the long form throughout. Bytes in, values out; no socket.
#pragma once

#include "certs/bytes.h"

#include <string>

namespace alert40 {

enum class LdapReading {
    incomplete, // the beginning of a message
    other,      // no ExtendedResponse, or no LDAP
    answer,
};

struct LdapAnswer {
    LdapReading reading = LdapReading::other;
    unsigned result_code = 0; // 0 is success (RFC 4511, appendix A)
    std::string message;      // diagnosticMessage, as sent

    bool agrees() const { return reading == LdapReading::answer && result_code == 0; }
};

/// Reads the first message of `heard`. An ExtendedResponse that nobody asked for (a notice of disconnection) is one
/// too; its code is never success.
LdapAnswer read_ldap_answer(ByteView heard);

/// "protocolError (2): unsupported extended operation"; the message's control characters as dots, at most 200 octets.
std::string describe(const LdapAnswer& answer);

} // namespace alert40
