// SPDX-License-Identifier: GPL-2.0-or-later
// The hellos of a record: their decoded fields, put together to the messages that they came from. What a record does
// not hold (randoms, key shares, bodies of extensions that nobody decoded) is zero or empty.
#pragma once

#include "client-checks/records/json_value.h"
#include "server/wire/client_hello.h"
#include "server/wire/server_hello.h"

namespace alert40 {

/// {"legacy_version", "session_id_len", "ciphers", "sni", "groups", "sigalgs", "exts", "hello_len", "alpn",
/// "supported_versions", "key_shares"}; all but "ciphers" may be missing. Throws InputError.
ClientHello read_client_hello(const JsonValue& from);

/// {"version", "hrr", "cipher", "group", "exts", "downgrade_sentinel", "alpn"}; the first and "cipher" are needed.
/// `hello` is the one that it answers, whose session id a server of TLS 1.3 echoes. Throws InputError.
ServerHello read_server_hello(const JsonValue& from, const ClientHello* hello);

} // namespace alert40
