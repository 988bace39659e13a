// SPDX-License-Identifier: GPL-2.0-or-later
// Inside server/stack only: how wolfSSL reaches a session's buffers and hands out its TLS 1.3 secrets.
#pragma once

#include "server/stack/tls_context.h"

struct WOLFSSL_X509_STORE_CTX;

namespace alert40 {

/// I/O over the session's memory buffers, and the hook that sees each HKDF-Expand-Label.
void install_callbacks(WOLFSSL_CTX* context);

/// A verify callback: notes what is wrong with the peer's certificate in its TlsSession, and takes it.
int note_peer_fault(int verified, WOLFSSL_X509_STORE_CTX* store);

} // namespace alert40
