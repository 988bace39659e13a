// SPDX-License-Identifier: GPL-2.0-or-later
// How the client refused the server's certificate. The alert is a fingerprint of its library (RFC 8446 section 6.2
// leaves the choice; measured: 45, 42, 46 or a bare close for one and the same expired certificate), so it supports a
// cause and never proves it; the chain and the client's words do.
#pragma once

#include "client-checks/diagnosis/words.h"

namespace alert40 {

/// Rising with what is known. `unexplained`: the client ended a handshake that it could have gone on with, without an
/// alert that can be read. `by_alert`: with one of the alerts asked for. `among`, `exact`: its words can mean the
/// reason, or mean it alone.
enum class ChainRefusal { no, unexplained, by_alert, among, exact };

ChainRefusal chain_refusal(const Evidence& evidence, std::initializer_list<std::string_view> reasons,
                           std::initializer_list<AlertDescription> alerts);

/// What a refusal claims about a cause where the chain could not be read.
Confidence without_chain(ChainRefusal refusal);

/// The client sent 40 to a ServerHello of TLS 1.2 or before in which neither a prime nor a missing renegotiation_info
/// explains it. Measured: Java's answer to a wrong signature (4 runs), Erlang's to a scheme it lacks (7).
bool is_plain_client_40(const Evidence& evidence);

bool is_self_issued(const Certificate& certificate);

/// Each certificate names the next one's subject as its issuer.
bool links_up(const std::vector<Certificate>& chain);

/// The certificate is for the name in the ClientHello's SNI; nullopt where one of the two is not known.
std::optional<bool> is_for_server_name(const Evidence& evidence);

/// The client's words can mean the reason asked for and others, and the certificate is for another name: that explains
/// them without it.
bool name_explains(const Evidence& evidence, ChainRefusal refusal);

/// The client has one text for all that can be wrong with a certificate (libcurl with GnuTLS, HAProxy): what no chain
/// shows, its status, fits as well as the client's roots and clock do.
bool says_anything(const Evidence& evidence, ChainRefusal refusal);

/// The only thing that a reader of the chain would object to is what the caller has found: the name fits, and the
/// certificate is not issued by itself.
bool is_otherwise_good(const Evidence& evidence);

} // namespace alert40
