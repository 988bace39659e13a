// SPDX-License-Identifier: GPL-2.0-or-later
// wolfSSL's src/tls.c with three differences, and a leak mended: what a server that staples has decoded of its
// certificate is freed with it.
// A server answers a session id in a TLS 1.3 ClientHello with a change_cipher_spec (RFC 8446, appendix D.4): wolfSSL
// 5.5.4 sends its own side's as a client alone.
// A server signs with its own schemes alone (wolfSSL_CTX_set1_sigalgs_list): what a client offers beyond them is struck
// from the list that wolfSSL keeps of it. wolfSSL 5.5.4 takes the client's list whole.
// A server that staples does not verify its own certificate first: that is the client's business.
#include <wolfssl/options.h>

#include <wolfssl/internal.h>

static int wolfssl_TLSX_Parse(WOLFSSL* ssl, const byte* input, word16 length, byte type, Suites* suites);

static void free_memory(void* memory, int type)
{
    if (memory != NULL && type == DYNAMIC_TYPE_DCERT) FreeDecodedCert((DecodedCert*)memory);
    if (memory != NULL) wolfSSL_Free(memory);
}

#undef XFREE
#define XFREE(memory, heap, type) ((void)(heap), free_memory((memory), (type)))
#define TLSX_Parse wolfssl_TLSX_Parse
#define ParseCert(certificate, type, verify, manager) ParseCert(certificate, type, NO_VERIFY, manager)
#include <src/tls.c>
#undef ParseCert
#undef TLSX_Parse

static int has_scheme(const Suites* suites, const byte* scheme)
{
    for (word16 at = 0; at + 1 < suites->hashSigAlgoSz; at += 2)
        if (suites->hashSigAlgo[at] == scheme[0] && suites->hashSigAlgo[at + 1] == scheme[1]) return 1;
    return 0;
}

int TLSX_Parse(WOLFSSL* ssl, const byte* input, word16 length, byte type, Suites* suites)
{
    const int result = wolfssl_TLSX_Parse(ssl, input, length, type, suites);
    if (type == client_hello && ssl->options.side == WOLFSSL_SERVER_END)
        ssl->options.tls13MiddleBoxCompat = ssl->session->sessionIDSz > 0;
    if (result != 0 || type != client_hello || suites == NULL || suites->hashSigAlgoSz == 0) return result;
    word16 kept = 0;
    for (word16 at = 0; at + 1 < suites->hashSigAlgoSz; at += 2) {
        if (!has_scheme(ssl->suites, suites->hashSigAlgo + at)) continue;
        suites->hashSigAlgo[kept++] = suites->hashSigAlgo[at];
        suites->hashSigAlgo[kept++] = suites->hashSigAlgo[at + 1];
    }
    if (kept == 0) { // an empty list would stand for the defaults of RFC 5246, section 7.4.1.4.1
        SendAlert(ssl, alert_fatal, handshake_failure);
        return MATCH_SUITE_ERROR;
    }
    suites->hashSigAlgoSz = kept;
    return 0;
}
