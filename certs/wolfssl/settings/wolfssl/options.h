// SPDX-License-Identifier: GPL-2.0-or-later
// How wolfSSL is built from source: read by its files (through user_settings.h) and by ours, so that both see the same
// structures. C, without include guards of its own kind: wolfSSL asks for this name.
#ifndef WOLFSSL_OPTIONS_H
#define WOLFSSL_OPTIONS_H

// What servers of the past have, and modern clients refuse.
#define WOLFSSL_ALLOW_TLSV10
#define WOLFSSL_ALLOW_SSLV3
#define WOLFSSL_ALLOW_RC4
#define WOLFSSL_ALLOW_TLS_SHA1 // TLS 1.2 signatures with SHA-1
#define WOLFSSL_STATIC_RSA
#define WOLFSSL_STATIC_PSK
#define WOLFSSL_STATIC_DH

#define WOLFSSL_TLS13_MIDDLEBOX_COMPAT // RFC 8446 appendix D.4, which Erlang's client insists on

// Secrets for key logs; the generator of random.c, which needs no seeding for each session.
#define HAVE_SECRET_CALLBACK
#define CUSTOM_RAND_GENERATE_BLOCK alert40_wolfssl_random
#ifndef __ASSEMBLER__
#ifdef __cplusplus
extern "C"
#endif
    int
    alert40_wolfssl_random(unsigned char* output, unsigned int size);
#endif

// Fast arithmetic for the usual sizes. The assembly chooses by what the processor has (CPUID), except for AES-NI's own
// file: see ALERT40_WOLFSSL_ASM in CMakeLists.txt.
#define WOLFSSL_HAVE_SP_RSA
#define WOLFSSL_HAVE_SP_DH
#define WOLFSSL_HAVE_SP_ECC
#define WOLFSSL_SP_384
#define WOLFSSL_SP_521
#define WOLFSSL_SP_4096
#define HAVE___UINT128_T 1
#ifdef ALERT40_WOLFSSL_ASM
#define WOLFSSL_X86_64_BUILD
#define WOLFSSL_SP_X86_64
#define WOLFSSL_SP_X86_64_ASM
#define WOLFSSL_AESNI
#define USE_INTEL_SPEEDUP
#endif

// As Debian builds it (options.h of libwolfssl-dev 5.5.4), without DTLS, SRP, PKCS #11 and what applications ask for.
#define ASN_BER_TO_DER
#define ATOMIC_USER
#define ECC_SHAMIR
#define ECC_TIMING_RESISTANT
#define ERROR_QUEUE_PER_THREAD
#define FP_ECC
#define GCM_TABLE_4BIT
#define HAVE_AESCCM
#define HAVE_AESGCM
#define HAVE_AES_DECRYPT
#define HAVE_AES_ECB
#define HAVE_AES_KEYWRAP
#define HAVE_ALPN
#define HAVE_ANON
#define HAVE_BLAKE2
#define HAVE_BLAKE2B
#define HAVE_BLAKE2S
#define HAVE_CAMELLIA
#define HAVE_CERTIFICATE_STATUS_REQUEST
#define HAVE_CERTIFICATE_STATUS_REQUEST_V2
#define HAVE_CHACHA
#define HAVE_COMP_KEY
#define HAVE_CRL
#define HAVE_CTS
#define HAVE_CURVE25519
#define HAVE_CURVE448
#define HAVE_DH_DEFAULT_PARAMS
#define HAVE_ECC
#define HAVE_ECC_BRAINPOOL
#define HAVE_ECC_CDH
#define HAVE_ECC_ENCRYPT
#define HAVE_ECC_KOBLITZ
#define HAVE_ECC_SECPR2
#define HAVE_ECC_SECPR3
#define HAVE_ED25519
#define HAVE_ED448
#define HAVE_ENCRYPT_THEN_MAC
#define HAVE_EXTENDED_MASTER
#define HAVE_EXT_CACHE
#define HAVE_EX_DATA
#define HAVE_FALLBACK_SCSV
#define HAVE_FFDHE_2048
#define HAVE_FFDHE_3072
#define HAVE_HKDF
#define HAVE_KEYING_MATERIAL
#define HAVE_MAX_FRAGMENT
#define HAVE_NULL_CIPHER
#define HAVE_OCSP
#define HAVE_OPENSSL_CMD
#define HAVE_PKCS7
#define HAVE_PK_CALLBACKS
#define HAVE_POLY1305
#define HAVE_SERVER_RENEGOTIATION_INFO
#define HAVE_SESSION_TICKET
#define HAVE_SNI
#define HAVE_STUNNEL
#define HAVE_SUPPORTED_CURVES
#define HAVE_THREAD_LS
#define HAVE_TLS_EXTENSIONS
#define HAVE_TRUNCATED_HMAC
#define HAVE_TRUSTED_CA
#define HAVE_WOLFSSL_SSL_H 1
#define HAVE_WOLF_BIGINT
#define HAVE_X963_KDF
#define HAVE_XCHACHA
#define KEEP_OUR_CERT
#define KEEP_PEER_CERT
#define NO_OLD_MD5_NAME
#define NO_OLD_RNGNAME
#define NO_OLD_SHA_NAMES
#define NO_OLD_SSL_NAMES
#define NO_OLD_WC_NAMES
#define NO_SESSION_CACHE_REF
#define OPENSSL_ALL
#define OPENSSL_COMPATIBLE_DEFAULTS
#define OPENSSL_EXTRA
#define OPENSSL_NO_SSL2
#define RSA_MAX_SIZE 4096
#define SESSION_CERTS
#define SP_INT_BITS 4096
#define TFM_TIMING_RESISTANT
#define WC_NO_ASYNC_THREADING
#define WC_RSA_BLINDING
#define WC_RSA_NO_PADDING
#define WC_RSA_PSS
#define WOLFSSL_AESGCM_STREAM
#define WOLFSSL_AES_CBC_LENGTH_CHECKS
#define WOLFSSL_AES_CFB
#define WOLFSSL_AES_COUNTER
#define WOLFSSL_AES_DIRECT
#define WOLFSSL_AES_OFB
#define WOLFSSL_AES_SIV
#define WOLFSSL_AES_XTS
#define WOLFSSL_AKID_NAME
#define WOLFSSL_ALT_CERT_CHAINS
#define WOLFSSL_ALT_NAMES
#define WOLFSSL_ALWAYS_KEEP_SNI
#define WOLFSSL_ALWAYS_VERIFY_CB
#define WOLFSSL_BASE16
#define WOLFSSL_BASE64_ENCODE
#define WOLFSSL_CERT_EXT
#define WOLFSSL_CERT_GEN
#define WOLFSSL_CERT_NAME_ALL
#define WOLFSSL_CERT_REQ
#define WOLFSSL_CMAC
#define WOLFSSL_CUSTOM_CURVES
#define WOLFSSL_DER_LOAD
#define WOLFSSL_DES_ECB
#define WOLFSSL_DH_EXTRA
#define WOLFSSL_ECDSA_DETERMINISTIC_K_VARIANT
#define WOLFSSL_ED25519_STREAMING_VERIFY
#define WOLFSSL_ED448_STREAMING_VERIFY
#define WOLFSSL_EITHER_SIDE
#define WOLFSSL_ENCRYPTED_KEYS
#define WOLFSSL_ERROR_CODE_OPENSSL
#define WOLFSSL_EXTRA_ALERTS
#define WOLFSSL_FORCE_CACHE_ON_TICKET
#define WOLFSSL_FPKI
#define WOLFSSL_HASH_FLAGS
#define WOLFSSL_HAVE_CERT_SERVICE
#define WOLFSSL_HAVE_ISSUER_NAMES
#define WOLFSSL_KEY_GEN
#define WOLFSSL_MD2
#define WOLFSSL_MULTI_ATTRIB
#define WOLFSSL_NGINX
#define WOLFSSL_NO_SHAKE128
#define WOLFSSL_POST_HANDSHAKE_AUTH
#define WOLFSSL_PSS_LONG_SALT
#define WOLFSSL_PUBLIC_MP
#define WOLFSSL_RIPEMD
#define WOLFSSL_SEND_HRR_COOKIE
#define WOLFSSL_SEP
#define WOLFSSL_SHA224
#define WOLFSSL_SHA3
#define WOLFSSL_SHA384
#define WOLFSSL_SHA512
#define WOLFSSL_SHAKE256
#define WOLFSSL_SIGNER_DER_CERT
#define WOLFSSL_SP_MATH_ALL
#define WOLFSSL_SUBJ_DIR_ATTR
#define WOLFSSL_SUBJ_INFO_ACC
#define WOLFSSL_TICKET_HAVE_ID
#define WOLFSSL_TLS13
#define WOLFSSL_TLS13_NO_PEEK_HANDSHAKE_DONE
#define WOLFSSL_TRUST_PEER_CERT
#define WOLFSSL_USE_ALIGN
#define WOLFSSL_VERBOSE_ERRORS
#define WOLFSSL_VERIFY_CB_ALL_CERTS
#define WOLF_CRYPTO_CB

#endif
