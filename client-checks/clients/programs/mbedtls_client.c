/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A client on mbedTLS 2.28, after its programs/ssl/ssl_client1.c: verifies chain and name, sends a GET, prints the first line of the
   answer. Debugging is at level 1, as there: the number of a received alert is said nowhere else.

       mbedtls_client --connect ADDRESS --port N --name NAME --ca FILE
           [--min 1.0|1.1|1.2] [--max ...] [--ciphers LIST] [--groups LIST] [--alpn LIST] [--no-sni] [--cert FILE --key FILE]
           [--crl FILE] [--resume] [--no-ems] [--fallback] */
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/debug.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { most_items = 400 };

struct options {
    const char *address, *port, *name, *ca, *min, *max, *certificate, *key, *crl;
    char *ciphers, *groups, *alpn;
    int no_sni, resume, no_ems, fallback;
};

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context random_generator;
static mbedtls_x509_crt anchors, certificate;
static mbedtls_x509_crl crl;
static mbedtls_pk_context key;
static mbedtls_ssl_config config;

/* What mbedTLS writes leaves in one piece: else a server that refuses the first of several messages answers, and closes, at some point
   between them. */
struct connection {
    mbedtls_net_context socket;
    unsigned char output[40000];
    size_t size;
};

static int flush(struct connection *connection)
{
    size_t sent = 0;
    while (sent < connection->size) {
        const int result = mbedtls_net_send(&connection->socket, connection->output + sent, connection->size - sent);
        if (result < 0) return result;
        sent += result;
    }
    connection->size = 0;
    return 0;
}

static int send_later(void *context, const unsigned char *data, size_t size)
{
    struct connection *connection = context;
    if (size > sizeof connection->output - connection->size) {
        const int result = flush(connection);
        if (result < 0) return result;
    }
    memcpy(connection->output + connection->size, data, size);
    connection->size += size;
    return (int)size;
}

static int receive(void *context, unsigned char *data, size_t size)
{
    struct connection *connection = context;
    const int result = flush(connection);
    return result < 0 ? result : mbedtls_net_recv(&connection->socket, data, size);
}

static void fail(const char *function, int error)
{
    char text[200];
    mbedtls_strerror(error, text, sizeof text);
    fprintf(stderr, "%s returned -0x%04X - %s\n", function, (unsigned)-error, text);
    exit(1);
}

static void check(const char *function, int result)
{
    if (result < 0) fail(function, result);
}

static void debug(void *file, int level, const char *source, int line, const char *text)
{
    const char *slash = strrchr(source, '/');
    (void)level;
    fprintf(file, "%s:%04d: %s", slash ? slash + 1 : source, line, text);
}

static struct options parse(int count, char **words)
{
    struct options options = {0};
    const struct { const char *name; const char **value; } values[] = {
        {"--connect", &options.address}, {"--port", &options.port}, {"--name", &options.name}, {"--ca", &options.ca},
        {"--min", &options.min}, {"--max", &options.max}, {"--cert", &options.certificate}, {"--key", &options.key},
        {"--crl", &options.crl}, {"--ciphers", (const char **)&options.ciphers},
        {"--groups", (const char **)&options.groups}, {"--alpn", (const char **)&options.alpn}};
    const struct { const char *name; int *value; } flags[] = {{"--no-sni", &options.no_sni}, {"--resume", &options.resume},
        {"--no-ems", &options.no_ems}, {"--fallback", &options.fallback}};
    for (int i = 1; i < count; i++) {
        for (size_t j = 0; j < sizeof flags / sizeof *flags; j++)
            if (!strcmp(words[i], flags[j].name)) *flags[j].value = 1;
        for (size_t j = 0; j < sizeof values / sizeof *values && i + 1 < count; j++)
            if (!strcmp(words[i], values[j].name)) { *values[j].value = words[++i]; break; }
    }
    if (!options.address || !options.port || !options.name || !options.ca) {
        fputs("usage: mbedtls_client --connect ADDRESS --port N --name NAME --ca FILE ...\n", stderr);
        exit(2);
    }
    return options;
}

/* "1.2" is 3.3 on the wire. */
static int minor_version(const char *version)
{
    return version[2] - '0' + 1;
}

static void set_ciphers(char *list)
{
    static int suites[most_items + 1];
    int count = 0;
    for (char *name = strtok(list, ","); name && count < most_items; name = strtok(NULL, ",")) {
        for (char *c = name; *c; c++)
            if (*c == '_') *c = '-'; /* TLS-RSA-WITH-AES-128-GCM-SHA256 is its spelling */
        suites[count] = mbedtls_ssl_get_ciphersuite_id(name);
        if (suites[count++] == 0) {
            fprintf(stderr, "forced ciphersuite not found: %s\n", name);
            exit(2);
        }
    }
    mbedtls_ssl_conf_ciphersuites(&config, suites);
}

static void set_groups(char *list)
{
    static mbedtls_ecp_group_id groups[most_items + 1];
    int count = 0;
    for (char *name = strtok(list, ","); name && count < most_items; name = strtok(NULL, ",")) {
        const mbedtls_ecp_curve_info *curve = mbedtls_ecp_curve_info_from_name(name);
        if (!curve) {
            fprintf(stderr, "unknown curve %s\n", name);
            exit(2);
        }
        groups[count++] = curve->grp_id;
    }
    groups[count] = MBEDTLS_ECP_DP_NONE;
    mbedtls_ssl_conf_curves(&config, groups);
}

static void set_alpn(char *list)
{
    static const char *protocols[most_items + 1];
    int count = 0;
    for (char *name = strtok(list, ","); name && count < most_items; name = strtok(NULL, ",")) protocols[count++] = name;
    check("mbedtls_ssl_conf_alpn_protocols", mbedtls_ssl_conf_alpn_protocols(&config, protocols));
}

static void configure(const struct options *options)
{
    check("mbedtls_ctr_drbg_seed", mbedtls_ctr_drbg_seed(&random_generator, mbedtls_entropy_func, &entropy, NULL, 0));
    check("mbedtls_x509_crt_parse_file", mbedtls_x509_crt_parse_file(&anchors, options->ca));
    if (options->crl) check("mbedtls_x509_crl_parse_file", mbedtls_x509_crl_parse_file(&crl, options->crl));
    check("mbedtls_ssl_config_defaults", mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT,
          MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT));
    mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(&config, &anchors, options->crl ? &crl : NULL);
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random_generator);
    mbedtls_ssl_conf_dbg(&config, debug, stderr);
    mbedtls_debug_set_threshold(1);

    if (options->min) mbedtls_ssl_conf_min_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, minor_version(options->min));
    if (options->max) mbedtls_ssl_conf_max_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, minor_version(options->max));
    if (options->ciphers) set_ciphers(options->ciphers);
    if (options->groups) set_groups(options->groups);
    if (options->alpn) set_alpn(options->alpn);
    if (options->no_ems) mbedtls_ssl_conf_extended_master_secret(&config, MBEDTLS_SSL_EXTENDED_MS_DISABLED);
    if (options->fallback) mbedtls_ssl_conf_fallback(&config, MBEDTLS_SSL_IS_FALLBACK);
    if (options->certificate) {
        check("mbedtls_x509_crt_parse_file", mbedtls_x509_crt_parse_file(&certificate, options->certificate));
        check("mbedtls_pk_parse_keyfile", mbedtls_pk_parse_keyfile(&key, options->key, NULL));
        check("mbedtls_ssl_conf_own_cert", mbedtls_ssl_conf_own_cert(&config, &certificate, &key));
    }
}

static void handshake(mbedtls_ssl_context *ssl, struct connection *connection)
{
    int result;
    while ((result = mbedtls_ssl_handshake(ssl)) == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE) {}
    if (result == 0) return;
    flush(connection); /* the alert */
    const uint32_t flags = mbedtls_ssl_get_verify_result(ssl);
    if (flags != 0 && flags != (uint32_t)-1) { /* -1: no certificate has come */
        char text[1024];
        mbedtls_x509_crt_verify_info(text, sizeof text, "  ! ", flags);
        fprintf(stderr, "%s", text);
    }
    fail("mbedtls_ssl_handshake", result);
}

/* Whether the server has answered with a status of success. Without a host name mbedTLS neither sends SNI nor verifies a name. */
static int get(const struct options *options, mbedtls_ssl_session *session, int resume)
{
    struct connection connection = {.size = 0};
    mbedtls_ssl_context ssl;
    char text[4096];
    int length = 0, result;
    mbedtls_net_init(&connection.socket);
    mbedtls_ssl_init(&ssl);
    check("mbedtls_net_connect", mbedtls_net_connect(&connection.socket, options->address, options->port, MBEDTLS_NET_PROTO_TCP));
    check("mbedtls_ssl_setup", mbedtls_ssl_setup(&ssl, &config));
    if (!options->no_sni) check("mbedtls_ssl_set_hostname", mbedtls_ssl_set_hostname(&ssl, options->name));
    if (resume) check("mbedtls_ssl_set_session", mbedtls_ssl_set_session(&ssl, session));
    mbedtls_ssl_set_bio(&ssl, &connection, send_later, receive, NULL);
    handshake(&ssl, &connection);

    const int size = snprintf(text, sizeof text, "GET / HTTP/1.0\r\nHost: %s\r\n\r\n", options->name);
    check("mbedtls_ssl_write", mbedtls_ssl_write(&ssl, (const unsigned char *)text, size));
    while ((result = mbedtls_ssl_read(&ssl, (unsigned char *)text + length, sizeof text - 1 - length)) > 0) length += result;
    if (result < 0 && result != MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
        flush(&connection);
        fail("mbedtls_ssl_read", result);
    }
    text[length] = 0;
    printf("%.*s\n", (int)strcspn(text, "\r\n"), text);
    if (options->resume && !resume) check("mbedtls_ssl_get_session", mbedtls_ssl_get_session(&ssl, session));
    mbedtls_ssl_close_notify(&ssl);
    flush(&connection);
    mbedtls_ssl_free(&ssl);
    mbedtls_net_free(&connection.socket);
    return strstr(text, " 200") != NULL;
}

int main(int count, char **words)
{
    const struct options options = parse(count, words);
    mbedtls_ssl_session session;
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random_generator);
    mbedtls_x509_crt_init(&anchors);
    mbedtls_x509_crt_init(&certificate);
    mbedtls_x509_crl_init(&crl);
    mbedtls_pk_init(&key);
    mbedtls_ssl_config_init(&config);
    mbedtls_ssl_session_init(&session);
    configure(&options);
    int good = get(&options, &session, 0);
    if (good && options.resume) good = get(&options, &session, 1);
    return good ? 0 : 1;
}
