// SPDX-License-Identifier: GPL-2.0-or-later
#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/chacha20_poly1305.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

#include "certs/crypto_native.h"

#include <memory>
#include <stdexcept>

namespace alert40 {

namespace {

using native::check;
using native::length;
using native::octets;

constexpr std::size_t kNonceLength = 12;

struct AesContext {
    AesContext() { check(wc_AesInit(&native, nullptr, INVALID_DEVID), "AES", "context"); }
    ~AesContext() { wc_AesFree(&native); }
    AesContext(const AesContext&) = delete;
    AesContext& operator=(const AesContext&) = delete;
    Aes native{};
};

std::unique_ptr<AesContext> gcm_context(ByteView key)
{
    auto context = std::make_unique<AesContext>();
    check(wc_AesGcmSetKey(&context->native, key.data(), length(key)), "AES-GCM", "key");
    return context;
}

std::unique_ptr<AesContext> ccm_context(ByteView key)
{
    auto context = std::make_unique<AesContext>();
    check(wc_AesCcmSetKey(&context->native, key.data(), length(key)), "AES-CCM", "key");
    return context;
}

void require_lengths(Aead aead, ByteView key, ByteView nonce)
{
    if (key.size() != aead_key_length(aead))
        throw std::runtime_error("AEAD (key): " + std::to_string(key.size()) + " octets instead of " +
                                 std::to_string(aead_key_length(aead)));
    if (nonce.size() != kNonceLength)
        throw std::runtime_error("AEAD (nonce): " + std::to_string(nonce.size()) + " octets instead of 12");
}

bool is_wrong_tag(int result)
{
    return result == AES_GCM_AUTH_E || result == AES_CCM_AUTH_E || result == MAC_CMP_FAILED_E;
}

} // namespace

std::size_t aead_key_length(Aead aead)
{
    switch (aead) {
    case Aead::aes_128_gcm:
    case Aead::aes_128_ccm:
    case Aead::aes_128_ccm_8:
        return 16;
    case Aead::aes_256_gcm:
    case Aead::chacha20_poly1305:
        return 32;
    }
    throw std::invalid_argument("not an Aead");
}

std::size_t aead_tag_length(Aead aead)
{
    return aead == Aead::aes_128_ccm_8 ? 8 : 16;
}

Bytes aead_seal(Aead aead, ByteView key, ByteView nonce, ByteView additional_data, ByteView plaintext)
{
    require_lengths(aead, key, nonce);
    const std::uint32_t tag_length = static_cast<std::uint32_t>(aead_tag_length(aead));
    Bytes sealed(plaintext.size() + tag_length);
    std::uint8_t* tag = sealed.data() + plaintext.size();
    switch (aead) {
    case Aead::aes_128_gcm:
    case Aead::aes_256_gcm:
        check(wc_AesGcmEncrypt(&gcm_context(key)->native, sealed.data(), octets(plaintext), length(plaintext),
                               nonce.data(), length(nonce), tag, tag_length, octets(additional_data),
                               length(additional_data)),
              "encrypting", "AES-GCM");
        return sealed;
    case Aead::chacha20_poly1305:
        check(wc_ChaCha20Poly1305_Encrypt(key.data(), nonce.data(), octets(additional_data), length(additional_data),
                                          octets(plaintext), length(plaintext), sealed.data(), tag),
              "encrypting", "ChaCha20-Poly1305");
        return sealed;
    case Aead::aes_128_ccm:
    case Aead::aes_128_ccm_8:
        check(wc_AesCcmEncrypt(&ccm_context(key)->native, sealed.data(), octets(plaintext), length(plaintext),
                               nonce.data(), length(nonce), tag, tag_length, octets(additional_data),
                               length(additional_data)),
              "encrypting", "AES-CCM");
        return sealed;
    }
    throw std::invalid_argument("not an Aead");
}

std::optional<Bytes> aead_open(Aead aead, ByteView key, ByteView nonce, ByteView additional_data, ByteView ciphertext)
{
    require_lengths(aead, key, nonce);
    const std::uint32_t tag_length = static_cast<std::uint32_t>(aead_tag_length(aead));
    if (ciphertext.size() < tag_length) return std::nullopt;
    const ByteView body = ciphertext.first(ciphertext.size() - tag_length);
    const std::uint8_t* tag = ciphertext.data() + body.size();
    Bytes plaintext(body.size() + 1); // one to spare: wolfCrypt wants a place to write even where there is nothing
    int result = BAD_FUNC_ARG;
    switch (aead) {
    case Aead::aes_128_gcm:
    case Aead::aes_256_gcm:
        result = wc_AesGcmDecrypt(&gcm_context(key)->native, plaintext.data(), octets(body), length(body), nonce.data(),
                                  length(nonce), tag, tag_length, octets(additional_data), length(additional_data));
        break;
    case Aead::chacha20_poly1305:
        result = wc_ChaCha20Poly1305_Decrypt(key.data(), nonce.data(), octets(additional_data), length(additional_data),
                                             octets(body), length(body), tag, plaintext.data());
        break;
    case Aead::aes_128_ccm:
    case Aead::aes_128_ccm_8:
        result = wc_AesCcmDecrypt(&ccm_context(key)->native, plaintext.data(), octets(body), length(body), nonce.data(),
                                  length(nonce), tag, tag_length, octets(additional_data), length(additional_data));
        break;
    }
    if (is_wrong_tag(result)) return std::nullopt;
    check(result, "decrypting", "AEAD");
    plaintext.resize(body.size());
    return plaintext;
}

} // namespace alert40
