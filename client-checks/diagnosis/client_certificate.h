// SPDX-License-Identifier: GPL-2.0-or-later
// What became of the server's wish for a client certificate, and how the server took the answer.
#pragma once

#include "client-checks/diagnosis/words.h"

namespace alert40 {

/// `unknown`: there is no wire, or it is encrypted and its lengths tell nothing.
enum class ClientAnswer { not_asked, unknown, no_certificate, certificate };

ClientAnswer client_answer(const Evidence& evidence);

/// The CertificateRequest could be read and names no authority: a client has no reason to withhold what it has
/// (RFC 5246 section 7.4.4: "If the certificate_authorities list is empty, then the client MAY send any certificate").
bool asks_anybody(const Evidence& evidence);

/// The server ended the connection after the client's answer without an alert that can be read, or as nginx does, with
/// HTTP 400 (RFC 9110 section 15.5.1).
bool refused_without_alert(const Evidence& evidence);

/// The server refused the client's certificate in a way that does not say what is wrong with it. Measured: 42 (Go), 46
/// (Java), 49 (GnuTLS), 40 (OpenSSL 1.0.1, Erlang, rustls 0.20), HTTP 400 (nginx), FIN (Node), nothing at all (Puma).
bool certificate_refused(const Evidence& evidence);

/// The server is OpenSSL's, by its ServerHello of at most TLS 1.2: renegotiation_info comes first and
/// extended_master_secret last (ssl/statem/extensions.c, ext_defs; measured: 330 of 330 with both, and no other
/// server).
bool is_openssl_server(const Transcript& wire);

/// Up to TLS 1.2 the client sent an empty Certificate, and the handshake was completed; then came one application
/// record of less than 1 KiB from the server, and its FIN: nginx's HTTP 400 has 391 to 448 octets. There are no words
/// that say more.
bool may_be_refused_by_page(const Evidence& evidence);

/// The dates of the client's own certificate include the time of the capture; nullopt where that is not known.
std::optional<bool> client_certificate_in_date(const Evidence& evidence);

/// The client's own words say that the key it was given is not that of its certificate: it never spoke.
bool says_foreign_key(const Evidence& evidence);

/// What keeps a certificate from being a client's: its extended key usage without clientAuth, or a key usage without
/// digitalSignature (RFC 5280 section 4.2.1.12). nullopt: nothing.
std::optional<std::string> wrong_client_usage(const Certificate& leaf);

} // namespace alert40
