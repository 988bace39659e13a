// SPDX-License-Identifier: GPL-2.0-or-later
// wolfSSL's own files ask for this name.
#include <wolfssl/options.h>
