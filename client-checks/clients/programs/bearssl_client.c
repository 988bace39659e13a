/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A client on BearSSL: its minimal X.509 engine with the anchors of a PEM file, a GET, the first line of the answer.

       bearssl_client --connect ADDRESS --port N --name NAME --ca FILE
           [--min 1.0|1.1|1.2] [--max ...] [--ciphers LIST] [--groups LIST] [--alpn LIST] [--no-sni] [--cert FILE --key FILE] [--resume]

   Groups are given by their numbers in TLS: 29 is x25519. */
#include <bearssl.h>

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { most_items = 500, most_objects = 64 };

struct options {
    const char *address, *port, *name, *ca, *min, *max, *certificate, *key;
    char *ciphers, *groups, *alpn;
    int no_sni, resume;
};

/* One object of a PEM file. */
struct object {
    unsigned char *data;
    size_t size;
};

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static struct options parse(int count, char **words)
{
    struct options options = {0};
    const struct { const char *name; const char **value; } values[] = {
        {"--connect", &options.address}, {"--port", &options.port}, {"--name", &options.name}, {"--ca", &options.ca},
        {"--min", &options.min}, {"--max", &options.max}, {"--cert", &options.certificate}, {"--key", &options.key},
        {"--ciphers", (const char **)&options.ciphers}, {"--groups", (const char **)&options.groups},
        {"--alpn", (const char **)&options.alpn}};
    for (int i = 1; i < count; i++) {
        if (!strcmp(words[i], "--no-sni")) options.no_sni = 1;
        if (!strcmp(words[i], "--resume")) options.resume = 1;
        for (size_t j = 0; j < sizeof values / sizeof *values && i + 1 < count; j++)
            if (!strcmp(words[i], values[j].name)) { *values[j].value = words[++i]; break; }
    }
    if (!options.address || !options.port || !options.name || !options.ca) fail("usage", "--connect, --port, --name and --ca");
    return options;
}

/* ---- PEM */

static void append(void *object, const void *data, size_t size)
{
    struct object *target = object;
    target->data = realloc(target->data, target->size + size);
    memcpy(target->data + target->size, data, size);
    target->size += size;
}

static size_t load(const char *path, struct object *objects)
{
    static unsigned char text[1 << 20];
    FILE *file = fopen(path, "rb");
    if (!file) fail(path, strerror(errno));
    size_t size = fread(text, 1, sizeof text, file), count = 0;
    fclose(file);
    br_pem_decoder_context decoder;
    br_pem_decoder_init(&decoder);
    for (const unsigned char *at = text; size > 0 && count < most_objects;) {
        const size_t taken = br_pem_decoder_push(&decoder, at, size);
        at += taken;
        size -= taken;
        switch (br_pem_decoder_event(&decoder)) {
        case BR_PEM_BEGIN_OBJ:
            memset(&objects[count], 0, sizeof objects[count]);
            br_pem_decoder_setdest(&decoder, append, &objects[count]);
            break;
        case BR_PEM_END_OBJ:
            count++;
            break;
        case BR_PEM_ERROR:
            fail(path, "not PEM");
        }
    }
    return count;
}

/* ---- anchors: a name and a key each */

static size_t load_anchors(const char *path, br_x509_trust_anchor *anchors)
{
    static struct object objects[most_objects];
    static br_x509_decoder_context decoders[most_objects]; /* the keys stay in them */
    const size_t count = load(path, objects);
    for (size_t i = 0; i < count; i++) {
        struct object name = {0};
        br_x509_decoder_init(&decoders[i], append, &name);
        br_x509_decoder_push(&decoders[i], objects[i].data, objects[i].size);
        const br_x509_pkey *key = br_x509_decoder_get_pkey(&decoders[i]);
        if (!key) fail(path, "an anchor cannot be decoded");
        anchors[i].dn.data = name.data;
        anchors[i].dn.len = name.size;
        anchors[i].flags = br_x509_decoder_isCA(&decoders[i]) ? BR_X509_TA_CA : 0;
        anchors[i].pkey = *key;
    }
    return count;
}

static void set_certificate(br_ssl_client_context *client, const struct options *options)
{
    static struct object objects[most_objects], keys[most_objects];
    static br_x509_certificate chain[most_objects];
    static br_skey_decoder_context key;
    const size_t count = load(options->certificate, objects), key_count = load(options->key, keys);
    for (size_t i = 0; i < count; i++) chain[i] = (br_x509_certificate){objects[i].data, objects[i].size};
    br_skey_decoder_init(&key);
    if (key_count > 0) br_skey_decoder_push(&key, keys[0].data, keys[0].size);
    switch (br_skey_decoder_key_type(&key)) {
    case BR_KEYTYPE_RSA:
        br_ssl_client_set_single_rsa(client, chain, count, br_skey_decoder_get_rsa(&key), br_rsa_pkcs1_sign_get_default());
        return;
    case BR_KEYTYPE_EC:
        br_ssl_client_set_single_ec(client, chain, count, br_skey_decoder_get_ec(&key), BR_KEYTYPE_SIGN, 0, br_ec_get_default(),
                                    br_ecdsa_sign_asn1_get_default());
        return;
    default:
        fail(options->key, "the key cannot be decoded");
    }
}

/* ---- wishes */

#define SUITE(name) {"TLS_" #name, BR_TLS_##name}
static const struct { const char *name; uint16_t number; } suites[] = {
    SUITE(ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256), SUITE(ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256),
    SUITE(ECDHE_ECDSA_WITH_AES_128_GCM_SHA256), SUITE(ECDHE_RSA_WITH_AES_128_GCM_SHA256), SUITE(ECDHE_ECDSA_WITH_AES_256_GCM_SHA384),
    SUITE(ECDHE_RSA_WITH_AES_256_GCM_SHA384), SUITE(ECDHE_ECDSA_WITH_AES_128_CCM), SUITE(ECDHE_ECDSA_WITH_AES_256_CCM),
    SUITE(ECDHE_ECDSA_WITH_AES_128_CCM_8), SUITE(ECDHE_ECDSA_WITH_AES_256_CCM_8), SUITE(ECDHE_ECDSA_WITH_AES_128_CBC_SHA256),
    SUITE(ECDHE_RSA_WITH_AES_128_CBC_SHA256), SUITE(ECDHE_ECDSA_WITH_AES_256_CBC_SHA384), SUITE(ECDHE_RSA_WITH_AES_256_CBC_SHA384),
    SUITE(ECDHE_ECDSA_WITH_AES_128_CBC_SHA), SUITE(ECDHE_RSA_WITH_AES_128_CBC_SHA), SUITE(ECDHE_ECDSA_WITH_AES_256_CBC_SHA),
    SUITE(ECDHE_RSA_WITH_AES_256_CBC_SHA), SUITE(ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA), SUITE(ECDHE_RSA_WITH_3DES_EDE_CBC_SHA),
    SUITE(ECDH_ECDSA_WITH_AES_128_GCM_SHA256), SUITE(ECDH_RSA_WITH_AES_128_GCM_SHA256), SUITE(ECDH_ECDSA_WITH_AES_128_CBC_SHA),
    SUITE(ECDH_RSA_WITH_AES_128_CBC_SHA), SUITE(RSA_WITH_AES_128_GCM_SHA256), SUITE(RSA_WITH_AES_256_GCM_SHA384),
    SUITE(RSA_WITH_AES_128_CCM), SUITE(RSA_WITH_AES_256_CCM), SUITE(RSA_WITH_AES_128_CCM_8), SUITE(RSA_WITH_AES_256_CCM_8),
    SUITE(RSA_WITH_AES_128_CBC_SHA256), SUITE(RSA_WITH_AES_256_CBC_SHA256), SUITE(RSA_WITH_AES_128_CBC_SHA),
    SUITE(RSA_WITH_AES_256_CBC_SHA), SUITE(RSA_WITH_3DES_EDE_CBC_SHA)};

static void set_suites(br_ssl_engine_context *engine, char *list)
{
    uint16_t numbers[most_items];
    size_t count = 0;
    for (char *name = strtok(list, ","); name; name = strtok(NULL, ",")) {
        size_t i = 0;
        while (i < sizeof suites / sizeof *suites && strcmp(name, suites[i].name)) i++;
        if (i == sizeof suites / sizeof *suites) fail("unknown cipher suite", name);
        numbers[count++] = suites[i].number;
    }
    br_ssl_engine_set_suites(engine, numbers, count);
}

static void set_groups(br_ssl_engine_context *engine, char *list)
{
    static br_ec_impl curves;
    curves = *br_ec_get_default();
    curves.supported_curves = 0;
    for (char *number = strtok(list, ","); number; number = strtok(NULL, ",")) curves.supported_curves |= 1u << atoi(number);
    br_ssl_engine_set_ec(engine, &curves);
}

static void set_alpn(br_ssl_engine_context *engine, char *list)
{
    static const char *names[most_items];
    size_t count = 0;
    for (char *name = strtok(list, ","); name && count < most_items; name = strtok(NULL, ",")) names[count++] = name;
    br_ssl_engine_set_protocol_names(engine, names, count);
}

/* "1.2" is 3.3 on the wire. */
static unsigned version(const char *text)
{
    return 0x0300 + (unsigned)(text[2] - '0' + 1);
}

/* ---- the connection */

/* What BearSSL writes leaves in one piece: else a server that refuses the first of several messages answers, and closes, at some point
   between them. */
struct connection {
    int socket;
    unsigned char output[40000];
    size_t size;
};

static int flush(struct connection *connection)
{
    for (size_t sent = 0; sent < connection->size;) {
        const ssize_t size = send(connection->socket, connection->output + sent, connection->size - sent, MSG_NOSIGNAL);
        if (size <= 0) return -1;
        sent += (size_t)size;
    }
    connection->size = 0;
    return 0;
}

static int write_later(void *context, const unsigned char *data, size_t size)
{
    struct connection *connection = context;
    if (size > sizeof connection->output - connection->size && flush(connection) < 0) return -1;
    memcpy(connection->output + connection->size, data, size);
    connection->size += size;
    return (int)size;
}

static int receive(void *context, unsigned char *data, size_t size)
{
    struct connection *connection = context;
    if (flush(connection) < 0) return -1;
    errno = 0;
    const ssize_t got = read(connection->socket, data, size);
    return got > 0 ? (int)got : -1; /* errno: 0 at the end of file */
}

/* A connection that is closed with data unread is reset, and a reset can overtake an alert. */
static void close_after_the_rest(struct connection *connection)
{
    const struct timeval patience = {.tv_sec = 1};
    unsigned char rest[4096];
    flush(connection);
    shutdown(connection->socket, SHUT_WR);
    setsockopt(connection->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    while (read(connection->socket, rest, sizeof rest) > 0) {}
    close(connection->socket);
}

static void dial(struct connection *connection, const char *address, const char *port)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    const int error = getaddrinfo(address, port, &hints, &found);
    if (error) fail(address, gai_strerror(error));
    connection->socket = socket(found->ai_family, SOCK_STREAM, 0);
    if (connect(connection->socket, found->ai_addr, found->ai_addrlen) != 0) fail("connect", strerror(errno));
    freeaddrinfo(found);
    connection->size = 0;
}

static void check(br_ssl_client_context *client, struct connection *connection)
{
    const int socket_error = errno, error = br_ssl_engine_last_error(&client->eng);
    if (error == BR_ERR_OK) return;
    close_after_the_rest(connection);
    if (error >= BR_ERR_SEND_FATAL_ALERT)
        fprintf(stderr, "SSL error %d: sent fatal alert %d\n", error, error - BR_ERR_SEND_FATAL_ALERT);
    else if (error >= BR_ERR_RECV_FATAL_ALERT)
        fprintf(stderr, "SSL error %d: received fatal alert %d\n", error, error - BR_ERR_RECV_FATAL_ALERT);
    else if (error == BR_ERR_IO)
        fprintf(stderr, "SSL error %d: %s\n", error, socket_error ? strerror(socket_error) : "the server has closed the connection");
    else
        fprintf(stderr, "SSL error %d\n", error);
    exit(1);
}

/* Whether the server has answered with a status of success. Without a name BearSSL neither sends SNI nor verifies one. */
static int get(br_ssl_client_context *client, const struct options *options, int resume)
{
    static struct connection connection;
    br_sslio_context io;
    char text[4096];
    int length = 0, size;
    dial(&connection, options->address, options->port);
    errno = 0;
    br_ssl_client_reset(client, options->no_sni ? NULL : options->name, resume);
    br_sslio_init(&io, &client->eng, receive, &connection, write_later, &connection);
    size = snprintf(text, sizeof text, "GET / HTTP/1.0\r\nHost: %s\r\n\r\n", options->name);
    if (br_sslio_write_all(&io, text, (size_t)size) == 0 && br_sslio_flush(&io) == 0)
        while ((size = br_sslio_read(&io, text + length, sizeof text - 1 - (size_t)length)) > 0) length += size;
    check(client, &connection);
    if (length == 0) fail("no answer", "the server has closed the connection");
    text[length] = 0;
    printf("%.*s\n", (int)strcspn(text, "\r\n"), text);
    close(connection.socket);
    return strstr(text, " 200") != NULL;
}

int main(int count, char **words)
{
    static br_x509_trust_anchor anchors[most_objects];
    static br_ssl_client_context client;
    static br_x509_minimal_context x509;
    static unsigned char buffer[BR_SSL_BUFSIZE_BIDI];
    const struct options options = parse(count, words);
    const size_t anchor_count = load_anchors(options.ca, anchors);
    br_ssl_client_init_full(&client, &x509, anchors, anchor_count);
    br_ssl_engine_set_buffer(&client.eng, buffer, sizeof buffer, 1);
    if (options.min) br_ssl_engine_set_versions(&client.eng, version(options.min), version(options.max));
    if (options.ciphers) set_suites(&client.eng, options.ciphers);
    if (options.groups) set_groups(&client.eng, options.groups);
    if (options.alpn) set_alpn(&client.eng, options.alpn);
    if (options.certificate) set_certificate(&client, &options);
    int good = get(&client, &options, 0);
    if (good && options.resume) good = get(&client, &options, 1);
    return good ? 0 : 1;
}
