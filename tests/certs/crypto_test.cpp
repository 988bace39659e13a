// SPDX-License-Identifier: GPL-2.0-or-later
#include "certs/crypto.h"

#include "tests/certs/support.h"

#include <catch2/catch.hpp>

using namespace alert40;
using test::from_hex;

TEST_CASE("hashes of \"abc\" are those of the standards", "[certs][crypto]")
{
    const Bytes abc = to_bytes("abc");
    CHECK(to_hex(hash(HashAlgorithm::md5, abc)) == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(to_hex(hash(HashAlgorithm::sha1, abc)) == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(to_hex(hash(HashAlgorithm::sha256, abc)) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(to_hex(hash(HashAlgorithm::sha384, abc)).substr(0, 32) == "cb00753f45a35e8bb5a03d699ac65007");
    CHECK(to_hex(hash(HashAlgorithm::sha512, abc)).substr(0, 32) == "ddaf35a193617abacc417349ae204131");
    CHECK(to_hex(hash(HashAlgorithm::sha256, {})) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("HMAC gives the codes of RFC 4231 and takes empty arguments", "[certs][crypto]")
{
    const Bytes key(20, 0x0b);
    CHECK(to_hex(hmac(HashAlgorithm::sha256, key, to_bytes("Hi There"))) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(to_hex(hmac(HashAlgorithm::sha256, {}, {})) ==
          "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("HKDF-Expand-Label derives the secrets of RFC 8448, section 3", "[certs][crypto]")
{
    const Bytes early = from_hex("33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a");
    const Bytes empty_hash = hash(HashAlgorithm::sha256, {});
    CHECK(to_hex(hkdf_expand_label(HashAlgorithm::sha256, early, "derived", empty_hash, 32)) ==
          "6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba");

    const Bytes server = from_hex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
    CHECK(to_hex(hkdf_expand_label(HashAlgorithm::sha256, server, "key", {}, 16)) ==
          "3fce516009c21727d0f2e4e86ee403bc");
    CHECK(to_hex(hkdf_expand_label(HashAlgorithm::sha256, server, "iv", {}, 12)) == "5d313eb2671276ee13000b30");
    CHECK(to_hex(hkdf_expand_label(HashAlgorithm::sha256, server, "finished", {}, 32)) ==
          "008d3b66f816ea559f96b537e885c31fc068bf492c652f01f288a1d8cdc19fc8");
    CHECK_THROWS_AS(hkdf_expand_label(HashAlgorithm::sha256, server, std::string(250, 'x'), {}, 12),
                    std::runtime_error);
}

namespace {

struct AeadVector {
    Aead aead;
    std::string key, nonce, additional_data, plaintext, ciphertext;
};

const std::string kGcmPlaintext = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                                  "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
const std::string kGcmAdditionalData = "feedfacedeadbeeffeedfacedeadbeefabaddad2";

const std::vector<AeadVector> kVectors{
    // The GCM specification (McGrew and Viega), test cases 4 and 16.
    {Aead::aes_128_gcm, "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", kGcmAdditionalData,
     kGcmPlaintext,
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
     "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47"},
    {Aead::aes_256_gcm, "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     kGcmAdditionalData, kGcmPlaintext,
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
    // RFC 8439, section 2.8.2.
    {Aead::chacha20_poly1305, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
     "070000004041424344454647", "50515253c0c1c2c3c4c5c6c7",
     "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a20496620492063"
     "6f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
     "637265656e20776f756c642062652069742e",
     "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
     "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
     "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691"},
    // NIST SP 800-38C, example 3.
    {Aead::aes_128_ccm_8, "404142434445464748494a4b4c4d4e4f", "101112131415161718191a1b",
     "000102030405060708090a0b0c0d0e0f10111213", "202122232425262728292a2b2c2d2e2f3031323334353637",
     "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951"},
    // The same with a tag of 16 octets, made with OpenSSL 3.
    {Aead::aes_128_ccm, "404142434445464748494a4b4c4d4e4f", "101112131415161718191a1b",
     "000102030405060708090a0b0c0d0e0f10111213", "202122232425262728292a2b2c2d2e2f3031323334353637",
     "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5c87ae488918de93f17dd3e4934347f44"},
};

} // namespace

TEST_CASE("every AEAD gives the octets of its published example", "[certs][crypto]")
{
    for (const AeadVector& vector : kVectors) {
        CAPTURE(vector.ciphertext);
        const Bytes key = from_hex(vector.key);
        const Bytes nonce = from_hex(vector.nonce);
        const Bytes additional_data = from_hex(vector.additional_data);
        CHECK(key.size() == aead_key_length(vector.aead));
        const Bytes sealed = aead_seal(vector.aead, key, nonce, additional_data, from_hex(vector.plaintext));
        CHECK(to_hex(sealed) == vector.ciphertext);
        const auto opened = aead_open(vector.aead, key, nonce, additional_data, sealed);
        REQUIRE(opened);
        CHECK(to_hex(*opened) == vector.plaintext);
    }
}

TEST_CASE("an AEAD opens nothing that was changed or cut", "[certs][crypto]")
{
    for (const AeadVector& vector : kVectors) {
        CAPTURE(vector.ciphertext);
        const Bytes key = from_hex(vector.key);
        const Bytes nonce = from_hex(vector.nonce);
        const Bytes additional_data = from_hex(vector.additional_data);
        const Bytes sealed = from_hex(vector.ciphertext);
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            Bytes changed = sealed;
            changed[i] ^= 1;
            CHECK_FALSE(aead_open(vector.aead, key, nonce, additional_data, changed));
            CHECK_FALSE(aead_open(vector.aead, key, nonce, additional_data, ByteView(sealed).first(i)));
        }
        CHECK_FALSE(aead_open(vector.aead, key, nonce, {}, sealed));
    }
}

TEST_CASE("an AEAD seals an empty message into its tag alone", "[certs][crypto]")
{
    for (const AeadVector& vector : kVectors) {
        const Bytes key = from_hex(vector.key);
        const Bytes nonce = from_hex(vector.nonce);
        const Bytes sealed = aead_seal(vector.aead, key, nonce, {}, {});
        CHECK(sealed.size() == aead_tag_length(vector.aead));
        const auto opened = aead_open(vector.aead, key, nonce, {}, sealed);
        REQUIRE(opened);
        CHECK(opened->empty());
    }
}

TEST_CASE("an AEAD refuses keys and nonces of another length", "[certs][crypto]")
{
    const Aead aead = GENERATE(Aead::aes_128_gcm, Aead::chacha20_poly1305, Aead::aes_128_ccm_8);
    const Bytes key(aead_key_length(aead));
    CHECK_THROWS_AS(aead_seal(aead, Bytes(key.size() - 1), Bytes(12), {}, {}), std::runtime_error);
    CHECK_THROWS_AS(aead_seal(aead, key, Bytes(8), {}, {}), std::runtime_error);
    CHECK_THROWS_AS(aead_open(aead, key, Bytes(13), {}, Bytes(16)), std::runtime_error);
}

TEST_CASE("random octets differ from call to call", "[certs][crypto]")
{
    CHECK(random_bytes(0).empty());
    CHECK(random_bytes(32).size() == 32);
    CHECK(random_bytes(32) != random_bytes(32));
}

TEST_CASE("ephemeral public values have the size of their group on the wire", "[certs][crypto]")
{
    const auto [group, size] = GENERATE(table<EcdhGroup, std::size_t>({
        {EcdhGroup::secp256r1, 65},
        {EcdhGroup::secp384r1, 97},
        {EcdhGroup::secp521r1, 133},
        {EcdhGroup::x25519, 32},
        {EcdhGroup::x448, 56},
    }));
    const Bytes value = ephemeral_public_value(group);
    CHECK(value.size() == size);
    if (size > 64) CHECK(value.front() == 4); // uncompressed
    CHECK(value != ephemeral_public_value(group));
}
