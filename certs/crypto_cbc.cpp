// SPDX-License-Identifier: GPL-2.0-or-later
#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/des3.h>

#include "certs/block_cipher.h"
#include "certs/crypto_native.h"

#include <stdexcept>

namespace alert40 {

namespace {

using native::check;
using native::Handle;
using native::length;
using native::octets;

int initialise_aes(Aes* aes)
{
    return wc_AesInit(aes, nullptr, INVALID_DEVID);
}

int initialise_des(Des3* des)
{
    return wc_Des3Init(des, nullptr, INVALID_DEVID);
}

using AesHandle = Handle<Aes, initialise_aes, wc_AesFree>;
using DesHandle = Handle<Des3, initialise_des, wc_Des3Free>;

void require_lengths(BlockCipher cipher, ByteView key, ByteView iv, ByteView text)
{
    const std::size_t block = block_length(cipher);
    if (key.size() != key_length(cipher) || iv.size() != block || text.size() % block != 0)
        throw std::runtime_error("CBC (lengths): key, IV or text do not fit the cipher");
}

} // namespace

std::size_t key_length(BlockCipher cipher)
{
    switch (cipher) {
    case BlockCipher::aes_128:
        return 16;
    case BlockCipher::aes_256:
        return 32;
    case BlockCipher::triple_des:
        return 24;
    }
    throw std::invalid_argument("not a BlockCipher");
}

std::size_t block_length(BlockCipher cipher)
{
    return cipher == BlockCipher::triple_des ? 8 : 16;
}

Bytes cbc_encrypt(BlockCipher cipher, ByteView key, ByteView iv, ByteView plaintext)
{
    require_lengths(cipher, key, iv, plaintext);
    Bytes ciphertext(plaintext.size());
    if (plaintext.empty()) return ciphertext;
    if (cipher == BlockCipher::triple_des) {
        DesHandle des;
        check(wc_Des3_SetKey(&des.native, key.data(), iv.data(), DES_ENCRYPTION), "3DES", "key");
        check(wc_Des3_CbcEncrypt(&des.native, ciphertext.data(), octets(plaintext), length(plaintext)), "encrypting",
              "3DES");
        return ciphertext;
    }
    AesHandle aes;
    check(wc_AesSetKey(&aes.native, key.data(), length(key), iv.data(), AES_ENCRYPTION), "AES", "key");
    check(wc_AesCbcEncrypt(&aes.native, ciphertext.data(), octets(plaintext), length(plaintext)), "encrypting",
          "AES-CBC");
    return ciphertext;
}

Bytes cbc_decrypt(BlockCipher cipher, ByteView key, ByteView iv, ByteView ciphertext)
{
    require_lengths(cipher, key, iv, ciphertext);
    Bytes plaintext(ciphertext.size());
    if (ciphertext.empty()) return plaintext;
    if (cipher == BlockCipher::triple_des) {
        DesHandle des;
        check(wc_Des3_SetKey(&des.native, key.data(), iv.data(), DES_DECRYPTION), "3DES", "key");
        check(wc_Des3_CbcDecrypt(&des.native, plaintext.data(), octets(ciphertext), length(ciphertext)), "decrypting",
              "3DES");
        return plaintext;
    }
    AesHandle aes;
    check(wc_AesSetKey(&aes.native, key.data(), length(key), iv.data(), AES_DECRYPTION), "AES", "key");
    check(wc_AesCbcDecrypt(&aes.native, plaintext.data(), octets(ciphertext), length(ciphertext)), "decrypting",
          "AES-CBC");
    return plaintext;
}

} // namespace alert40
