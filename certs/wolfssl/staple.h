// SPDX-License-Identifier: GPL-2.0-or-later
// What the library from source has beyond wolfSSL's own functions. C and C++.
#pragma once

#include <wolfssl/options.h>

#include <wolfssl/ssl.h>

#ifdef __cplusplus
extern "C" {
#endif

/// `give` is called for each client that asks for an OCSP response; it hands that to
/// wolfSSL_set_tlsext_status_ocsp_resp(), keeps it until the session ends, and returns 0. Returns WOLFSSL_SUCCESS, or
/// wolfSSL's error.
int alert40_wolfssl_staple(WOLFSSL_CTX* context, int (*give)(WOLFSSL* session, void* unused));

#ifdef __cplusplus
}
#endif
