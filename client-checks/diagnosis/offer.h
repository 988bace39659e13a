// SPDX-License-Identifier: GPL-2.0-or-later
// What a ClientHello's offer looks like to somebody who does not know what the server has: where it is narrower than
// that of today's clients (research: chromium, curl, gnutls, Go, Java all list x25519 and secp256r1, RSA and ECDSA).
// Each function returns the sentence that says so, or nullopt.
#pragma once

#include "server/wire/client_hello.h"

namespace alert40 {

/// At most three suites of a TLS 1.2 list, or all of one kind; one suite of a TLS 1.3 list.
std::optional<std::string> narrow_suites(const ClientHello& hello);

/// Every suite of a list of more than three needs the same type of key, and nothing else makes it narrow: what is left
/// of any list where the schemes are for one type of key (OpenSSL drops the other's suites: ssl_set_sig_mask,
/// ssl/t1_lib.c).
bool narrow_suites_by_key(const ClientHello& hello);

/// One or two groups, other than the usual x25519 and secp256r1.
std::optional<std::string> narrow_groups(const ClientHello& hello);

/// Schemes for one type of key only.
std::optional<std::string> narrow_schemes(const ClientHello& hello);

/// "the client offers at most TLS 1.2", "the client offers TLS 1.3 alone".
std::optional<std::string> single_version(const ClientHello& hello);

/// The groups and schemes that servers usually need one of: x25519, P-256, P-384, P-521; RSA with PSS and PKCS #1,
/// ECDSA with these curves, Ed25519. A client of TLS 1.2 without supported_groups is taken for one that has them all.
bool offers_usual_groups(const ClientHello& hello);
bool offers_usual_schemes(const ClientHello& hello);

bool offers_at_most_tls12(const ClientHello& hello);
bool offers_only_tls13(const ClientHello& hello);

/// Both offer the same to the same name: versions, suites, groups, schemes and protocols. What is new in every
/// ClientHello (random, key shares, GREASE, the order of extensions) does not count.
bool same_offer_but_session(const ClientHello& left, const ClientHello& right);
/// And both offer a session, or none does.
bool same_offer(const ClientHello& left, const ClientHello& right);

/// It offers to resume a session: a PSK (RFC 8446 section 4.2.11), or a ticket; an empty session_ticket only says that
/// the client would take one (RFC 5077 section 3.2).
bool offers_session(const ClientHello& hello);

/// False where every suite offered works without a group (RSA key exchange alone).
bool needs_group(const ClientHello& hello);

} // namespace alert40
