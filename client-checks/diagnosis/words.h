// SPDX-License-Identifier: GPL-2.0-or-later
// How the client's words stand to a meaning, and the sentences that a finding gives as its reasons.
#pragma once

#include "client-checks/diagnosis/finding.h"

#include <initializer_list>

namespace alert40 {

/// `silent`: no words, or words that say nothing about it ("closed", "verify:unspecified"). `among`: they can mean it
/// and something else. `exact`: they mean it alone.
enum class Words { otherwise, silent, among, exact };

/// Whether the client's text means one of these symptoms.
Words words(const Evidence& evidence, std::initializer_list<std::string_view> meanings);

/// The client's text means a close, if only GnuTLS's, which is the same for some resets.
bool says_closed(const Evidence& evidence);

/// The server refused with this alert: by the wire where it shows an alert, else by the client's words.
bool server_refused(const Evidence& evidence, AlertDescription description);

/// The same for any of several.
bool server_refused(const Evidence& evidence, std::initializer_list<AlertDescription> descriptions);

/// The server refused the ClientHello with one of these; the client's words alone do not tell when.
bool hello_refused(const Evidence& evidence, std::initializer_list<AlertDescription> descriptions);

/// The server closed behind the ClientHello without a word. Servers that do not send the alert which their TLS library
/// has ready do so whatever the reason is: measured of asyncio, Puma, Dovecot, h2o, OpenLDAP with GnuTLS, Node.
bool hello_closed(const Evidence& evidence);

/// The server sent this alert as a warning: it decides nothing by itself, and OpenSSL, curl and Go hide it.
bool warned(const Evidence& evidence, AlertDescription description);

/// `sure`, or `possible` where the client's words, which can mean several things, are all there is.
Confidence unless_vague(const Evidence& evidence, Confidence sure);

/// "the server sent handshake_failure (40) before its ServerHello", "the client's text means verify:expired".
std::vector<std::string> facts(const Evidence& evidence);

/// A finding whose reasons are facts(evidence) and then `more`; empty sentences are left out.
Finding found(std::string cause, Confidence confidence, const Evidence& evidence,
              std::initializer_list<std::string> more = {});

/// "2026-11-20 10:00:00 UTC".
std::string utc(std::chrono::system_clock::time_point time);

} // namespace alert40
