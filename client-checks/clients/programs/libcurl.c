/* SPDX-License-Identifier: GPL-2.0-or-later
 * What `curl -sS -f` does, with another build of curl's library than the one that curl itself uses: Debian has it with
 * GnuTLS and with NSS as well, and no curl for these. Needs no header: the numbers are those of curl's ABI (curl.h).
 *
 *     libcurl LIBRARY [--ca FILE] [--resolve HOST:PORT:ADDRESS] [--min 1.2] [--max 1.3] [--ciphers LIST] [--http1.1]
 *             [--cert FILE --key FILE] [--pin sha256//...] [--crl FILE] [--staple] [--ssl-reqd] [--head] URL ...
 */
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    USE_SSL = 119, FAILONERROR = 45, NOBODY = 44, HTTP_VERSION = 84, SSLVERSION = 32, SSL_VERIFYSTATUS = 232,
    URL = 10002, ERRORBUFFER = 10010, SSLCERT = 10025, CAINFO = 10065, SSL_CIPHER_LIST = 10083, SSLKEY = 10087,
    CAPATH = 10097, SOCKOPTFUNCTION = 20148, XFERINFOFUNCTION = 20219, NOPROGRESS = 43, CRLFILE = 10169, RESOLVE = 10203, PINNEDPUBLICKEY = 10230, RESPONSE_CODE = 0x200002
};

static void *library;

static void *function(const char *name)
{
    void *found = dlsym(library, name);
    if (found) return found;
    fprintf(stderr, "libcurl: %s\n", dlerror());
    exit(2);
}

/* CURL_SSLVERSION_TLSv1_0 is 4, and so on. */
static long version(const char *text)
{
    return 4 + strtol(text + 2, NULL, 10);
}

/* libcurl hands GnuTLS's records to the system one by one, so that a server may refuse a flight before the rest of it is
 * there. Here each flight leaves in one piece: what was read before an alert came is no matter of time. */
static int connection;

static int keep(void *nothing, int socket, int purpose)
{
    (void)nothing, (void)purpose;
    connection = socket;
    return 0;
}

/* Called between curl's steps: what was held back goes, what comes next is held back. */
static int step(void *nothing, long long a, long long b, long long c, long long d)
{
    (void)nothing, (void)a, (void)b, (void)c, (void)d;
    if (connection > 0)
        for (int on = 0; on <= 1; ++on) setsockopt(connection, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    return 0;
}

int main(int count, char **words)
{
    if (count < 3 || !(library = dlopen(words[1], RTLD_NOW))) {
        fprintf(stderr, "libcurl: %s\n", count < 3 ? "which library, and which URL?" : dlerror());
        return 2;
    }
    if (strcmp(words[2], "--version") == 0) {
        const char *(*curl_version)(void) = function("curl_version");
        puts(curl_version());
        return 0;
    }
    void *(*curl_easy_init)(void) = function("curl_easy_init");
    int (*setopt)(void *, int, ...) = function("curl_easy_setopt");
    int (*perform)(void *) = function("curl_easy_perform");
    int (*getinfo)(void *, int, ...) = function("curl_easy_getinfo");
    const char *(*describe)(int) = function("curl_easy_strerror");
    void *(*append)(void *, const char *) = function("curl_slist_append");
    void (*cleanup)(void *) = function("curl_easy_cleanup");

    void *curl = curl_easy_init();
    char error[256] = "";
    long least = 0, most = 0;
    int result = 0, head = 0, asked = 0;
    const char **urls = calloc((size_t)count, sizeof *urls);
    setopt(curl, ERRORBUFFER, error);
    setopt(curl, FAILONERROR, 1L);
    setopt(curl, CAPATH, NULL);
    setopt(curl, SOCKOPTFUNCTION, keep);
    setopt(curl, XFERINFOFUNCTION, step);
    setopt(curl, NOPROGRESS, 0L);
    for (int i = 2; i < count; ++i) {
        const char *word = words[i];
        if (strncmp(word, "--", 2) != 0) urls[asked++] = word;
        else if (strcmp(word, "--staple") == 0) setopt(curl, SSL_VERIFYSTATUS, 1L);
        else if (strcmp(word, "--http1.1") == 0) setopt(curl, HTTP_VERSION, 2L);
        else if (strcmp(word, "--ssl-reqd") == 0) setopt(curl, USE_SSL, 3L);
        else if (strcmp(word, "--head") == 0) setopt(curl, NOBODY, (long)(head = 1));
        else {
            const char *value = i + 1 < count ? words[++i] : "";
            int failed = 0;
            if (strcmp(word, "--ca") == 0) failed = setopt(curl, CAINFO, value);
            else if (strcmp(word, "--resolve") == 0) failed = setopt(curl, RESOLVE, append(NULL, value));
            else if (strcmp(word, "--min") == 0) least = version(value);
            else if (strcmp(word, "--max") == 0) most = version(value);
            else if (strcmp(word, "--ciphers") == 0) failed = setopt(curl, SSL_CIPHER_LIST, value);
            else if (strcmp(word, "--cert") == 0) failed = setopt(curl, SSLCERT, value);
            else if (strcmp(word, "--key") == 0) failed = setopt(curl, SSLKEY, value);
            else if (strcmp(word, "--pin") == 0) failed = setopt(curl, PINNEDPUBLICKEY, value);
            else if (strcmp(word, "--crl") == 0) failed = setopt(curl, CRLFILE, value);
            else failed = 48; /* CURLE_UNKNOWN_OPTION */
            if (failed) {
                fprintf(stderr, "curl: (%d) %s: %s\n", failed, word, describe(failed));
                return failed;
            }
        }
    }
    setopt(curl, SSLVERSION, least | most << 16);
    for (int i = 0; i < asked; ++i) {
        error[0] = 0;
        setopt(curl, URL, urls[i]);
        result = perform(curl);
        long code = 0;
        getinfo(curl, RESPONSE_CODE, &code);
        if (head) printf("%03ld", code);
        fflush(stdout);
        if (result) fprintf(stderr, "curl: (%d) %s\n", result, *error ? error : describe(result));
    }
    cleanup(curl);
    return result;
}
