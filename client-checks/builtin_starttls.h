// SPDX-License-Identifier: GPL-2.0-or-later
// What the builtin client says before TLS where a protocol asks for it (STARTTLS): up to the server's consent, after
// which the client's next octet is its ClientHello.
#pragma once

#include "certs/bytes.h"

#include <functional>
#include <string>
#include <string_view>

namespace alert40 {

/// A blocking byte stream. `read` gives what comes next, and nothing at the end of the stream.
struct PlainStream {
    std::function<void(ByteView)> write;
    std::function<Bytes()> read;
};

/// `protocol` as server.starttls names it; `name` is the host that XMPP asks for. Empty where the server consents, else
/// what went wrong. Throws InputError for a protocol that it does not know.
std::string ask_for_tls(std::string_view protocol, const std::string& name, const PlainStream& stream);

} // namespace alert40
