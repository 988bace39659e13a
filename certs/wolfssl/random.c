// SPDX-License-Identifier: GPL-2.0-or-later
// The generator behind wolfSSL's WC_RNG: the kernel's, a page at a time for each thread. wolfSSL's own is seeded anew
// from /dev/urandom for every session, which cost more than the refusal of a ClientHello.
#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/random.h>

#include <errno.h>
#include <string.h>
#include <sys/random.h>

enum { kPool = 256 }; // up to here getrandom() is not interrupted (getrandom(2))

static _Thread_local unsigned char pool[kPool];
static _Thread_local unsigned int left; // at the end of the pool

static int fill(unsigned char* output, unsigned int size)
{
    while (size > 0) {
        const ssize_t count = getrandom(output, size, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return RNG_FAILURE_E;
        output += count;
        size -= (unsigned int)count;
    }
    return 0;
}

int alert40_wolfssl_random(unsigned char* output, unsigned int size)
{
    if (size > kPool) return fill(output, size);
    if (size > left) {
        const int result = fill(pool, kPool);
        if (result != 0) return result;
        left = kPool;
    }
    memcpy(output, pool + kPool - left, size);
    explicit_bzero(pool + kPool - left, size);
    left -= size;
    return 0;
}

/// wolfSSL leaves its own out where the generator is another.
int wc_GenerateSeed(OS_Seed* system, byte* output, word32 size)
{
    (void)system;
    return fill(output, size);
}
