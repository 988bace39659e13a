// SPDX-License-Identifier: GPL-2.0-or-later
// wolfSSL's src/ocsp.c, but a staple that the application gives (wolfSSL_CTX_set_tlsext_status_cb) goes out as it is.
// wolfSSL would verify it first, and drop a stale, forged or malformed one without a word.
#include <wolfssl/options.h>

#include <wolfssl/internal.h>
#include <wolfssl/ocsp.h>

#include "certs/wolfssl/staple.h"

static int wolfssl_CheckOcspRequest(WOLFSSL_OCSP* ocsp, OcspRequest* request, buffer* response);

#define CheckOcspRequest wolfssl_CheckOcspRequest
#include <src/ocsp.c>
#undef CheckOcspRequest

int CheckOcspRequest(WOLFSSL_OCSP* ocsp, OcspRequest* request, buffer* response)
{
    WOLFSSL* ssl = request != NULL ? (WOLFSSL*)request->ssl : NULL;
    if (ocsp == NULL || ssl == NULL || ocsp->statusCb == NULL || response == NULL)
        return wolfssl_CheckOcspRequest(ocsp, request, response);

    response->buffer = NULL;
    response->length = 0;
    if (ocsp->statusCb(ssl, ocsp->cm->ocspIOCtx) != 0) return OCSP_LOOKUP_FAIL;
    byte* staple = NULL;
    const int size = wolfSSL_get_ocsp_response(ssl, &staple);
    if (staple == NULL || size <= 0) return OCSP_LOOKUP_FAIL;
    response->length = (word32)size;
    if (ssl->options.tls1_3) { // nobody frees it there (wolfSSL 5.5.4): the giver's own will do
        response->buffer = staple;
        return 0;
    }
    response->buffer = (byte*)XMALLOC((size_t)size, ocsp->cm->heap, DYNAMIC_TYPE_TMP_BUFFER);
    if (response->buffer == NULL) return MEMORY_E;
    XMEMCPY(response->buffer, staple, (size_t)size);
    return 0;
}

int alert40_wolfssl_staple(WOLFSSL_CTX* context, int (*give)(WOLFSSL*, void*))
{
    // Without one of these wolfSSL makes it from the server's certificate, verified first.
    context->certOcspRequest = (OcspRequest*)XMALLOC(sizeof(OcspRequest), context->heap, DYNAMIC_TYPE_OCSP_REQUEST);
    if (context->certOcspRequest == NULL) return MEMORY_E;
    XMEMSET(context->certOcspRequest, 0, sizeof(OcspRequest));
    return wolfSSL_CTX_set_tlsext_status_cb(context, give);
}
