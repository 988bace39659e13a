// SPDX-License-Identifier: GPL-2.0-or-later
// What TLS 1.3 leaves visible of records that could not be decrypted: their lengths. A record carries its content, one
// byte of content type and a tag of 16 bytes (RFC 8446 section 5.2), and its sender's messages have few lengths:
//
//   content                                  bytes        record   JSSE, which pads by 16
//   alert                                    2            19       35
//   Certificate, empty (RFC 8446 4.4.2)      4 + 1 + 3    25       41
//   the same and Finished in one record      8 + 36, 52   61, 77
//   Finished (SHA-256, SHA-384)              36, 52       53, 69   69, 85
#pragma once

#include "server/wire/transcript.h"

namespace alert40 {

/// The octets of a record, counted as with a tag of 16: those of CCM_8 have 8 (RFC 6655 section 4).
std::size_t usual_length(const Transcript& wire, const RecordEvent& record);

/// The first record that a client sends under encryption.
enum class HiddenFlight { none, alert, empty_certificate, certificate, finished, unknown };

/// `unknown` also where there is no TLS 1.3, or the records could be decrypted.
HiddenFlight hidden_client_flight(const Transcript& wire);

/// The last record of this side could be an alert that is not readable: by its type up to TLS 1.2, by its length
/// in 1.3.
bool may_hide_alert(const Transcript& wire, Direction direction);

/// The last encrypted record of the server's has the length of an alert of JSSE's, which pads.
bool ends_with_padded_alert(const Transcript& wire);

/// The server's last record may be an alert, and the client has sent nothing under encryption: the server refused
/// behind its own ServerHello.
bool may_hide_early_server_alert(const Transcript& wire);

/// TLS 1.3: that, or the server closed behind its ServerHello and at most its EncryptedExtensions. It had no
/// certificate to show, or could not sign (measured: Jetty, and Tomcat, whose connector closes before the alert is
/// sent).
bool gave_up_behind_server_hello(const Transcript& wire);

/// TLS 1.3, not decrypted: all that the server sends behind the client's flight may be an alert. A server that serves
/// sends tickets or a page first.
bool may_answer_flight_by_alert(const Transcript& wire);

/// TLS 1.3, not decrypted: after the client's Finished records of more than an alert's length went both ways. Not where
/// the client's Certificate was empty: what comes then is most often nginx's HTTP 400.
bool looks_completed(const Transcript& wire);

/// TLS 1.3, not decrypted: the client sent more than its handshake takes, and more than an alert.
bool hides_request(const Transcript& wire);

/// An alert of the server's side that is not encrypted, behind the ServerHello.
bool clear_alert_after_server_hello(const Transcript& wire);

/// A handshake message of the server's that could be read.
bool server_sent_message(const Transcript& wire, HandshakeType type);

} // namespace alert40
