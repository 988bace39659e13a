// SPDX-License-Identifier: GPL-2.0-or-later
// Block ciphers in CBC mode, as TLS 1.2 and before use them (RFC 5246, section 6.2.3.2).
#pragma once

#include "certs/bytes.h"

namespace alert40 {

enum class BlockCipher { aes_128, aes_256, triple_des };

/// Octets.
std::size_t key_length(BlockCipher cipher);
std::size_t block_length(BlockCipher cipher);

/// `plaintext` is a multiple of the block, `iv` one block. Throw std::runtime_error otherwise.
Bytes cbc_encrypt(BlockCipher cipher, ByteView key, ByteView iv, ByteView plaintext);
Bytes cbc_decrypt(BlockCipher cipher, ByteView key, ByteView iv, ByteView ciphertext);

} // namespace alert40
