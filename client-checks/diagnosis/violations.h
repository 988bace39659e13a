// SPDX-License-Identifier: GPL-2.0-or-later
// What a server's messages, as they were sent, do against the ClientHello that they answer and against the order that
// the protocol gives them. A healthy server does none of it: what is left is a broken implementation, or somebody on
// the way who changed the messages.
#pragma once

#include "server/wire/transcript.h"

#include <string>
#include <vector>

namespace alert40 {

/// Sentences, without full stop, in the order of the messages; empty where nothing wrong can be seen. Encrypted
/// messages are judged where the transcript could read them.
std::vector<std::string> server_violations(const Transcript& wire);

/// The ServerHello is what a server sends that knows no TLS 1.3, and so does not read supported_versions: it took what
/// it has up to the legacy version (RFC 8446 section 4.2.1), and nothing in it is of TLS 1.3 or of a later version than
/// that. A version that was not offered is no violation of such a server's.
bool answers_like_older_server(const Transcript& wire);

/// A Certificate message of the server that holds no certificate, or a first one that is no X.509 (RFC 5280).
std::optional<std::string> corrupt_certificate(const Transcript& wire);

} // namespace alert40
