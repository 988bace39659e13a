// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/certs/support.h"

#include <catch2/catch.hpp>

using namespace alert40;
using test::TemporaryDirectory;

namespace {

const std::vector<KeyType> kAllTypes{KeyType::ec_p256,  KeyType::ec_p384,  KeyType::ec_p521, KeyType::ec_secp256k1,
                                     KeyType::ed25519,  KeyType::ed448,    KeyType::rsa_512, KeyType::rsa_1024,
                                     KeyType::rsa_2048, KeyType::rsa_3072, KeyType::rsa_4096};

/// RSA-3072 and RSA-4096 take seconds under a sanitizer; one test does them.
const std::vector<KeyType> kQuickTypes(kAllTypes.begin(), kAllTypes.begin() + 9);

} // namespace

TEST_CASE("every key type is found by its own name", "[certs][key]")
{
    for (KeyType type : kAllTypes) CHECK(find_key_type(name(type)) == type);
    CHECK_FALSE(find_key_type("rsa-513"));
    CHECK_FALSE(find_key_type(""));
}

TEST_CASE("a key verifies what it signed and nothing else", "[certs][key]")
{
    const Bytes message = to_bytes("a message");
    for (KeyType type : kQuickTypes) {
        CAPTURE(name(type));
        const PrivateKey key = PrivateKey::generate(type);
        const Bytes info = key.public_key_info();
        const Bytes signature = key.sign(HashAlgorithm::sha256, message);
        CHECK(verify_signature(info, HashAlgorithm::sha256, message, signature));
        CHECK_FALSE(verify_signature(info, HashAlgorithm::sha256, to_bytes("b message"), signature));
        CHECK_FALSE(verify_signature(info, HashAlgorithm::sha256, message, {}));
        const Bytes other = PrivateKey::generate(type).public_key_info();
        CHECK_FALSE(verify_signature(other, HashAlgorithm::sha256, message, signature));
        Bytes changed = signature;
        changed.back() ^= 1;
        CHECK_FALSE(verify_signature(info, HashAlgorithm::sha256, message, changed));
        const bool uses_hash = is_rsa(type) || is_ec(type);
        CHECK(verify_signature(info, HashAlgorithm::sha384, message, signature) == !uses_hash);
    }
}

TEST_CASE("ECDSA and RSA sign with every hash", "[certs][key]")
{
    const KeyType type = GENERATE(KeyType::ec_p256, KeyType::ec_p521, KeyType::rsa_1024);
    const PrivateKey key = PrivateKey::generate(type);
    for (HashAlgorithm hash_algorithm : {HashAlgorithm::md5, HashAlgorithm::sha1, HashAlgorithm::sha256,
                                         HashAlgorithm::sha384, HashAlgorithm::sha512}) {
        const Bytes signature = key.sign(hash_algorithm, to_bytes("x"));
        CHECK(verify_signature(key.public_key_info(), hash_algorithm, to_bytes("x"), signature));
    }
}

TEST_CASE("a private key survives its DER form", "[certs][key]")
{
    for (KeyType type : kQuickTypes) {
        CAPTURE(name(type));
        const PrivateKey key = PrivateKey::generate(type);
        const PrivateKey copy = PrivateKey::from_der(type, key.private_der());
        CHECK(copy.public_key_info() == key.public_key_info());
        const Bytes signature = copy.sign(HashAlgorithm::sha256, to_bytes("x"));
        CHECK(verify_signature(key.public_key_info(), HashAlgorithm::sha256, to_bytes("x"), signature));
    }
}

TEST_CASE("a private key of another type or damaged is refused", "[certs][key]")
{
    const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
    const Bytes der = key.private_der();
    CHECK_THROWS_AS(PrivateKey::from_der(KeyType::ec_p384, der), std::runtime_error);
    CHECK_THROWS_AS(PrivateKey::from_der(KeyType::rsa_2048, der), std::runtime_error);
    CHECK_THROWS_AS(PrivateKey::from_der(KeyType::ed25519, der), std::runtime_error);
    CHECK_THROWS_AS(PrivateKey::from_der(KeyType::ec_p256, {}), std::runtime_error);
    for (std::size_t size = 0; size < der.size() / 2; ++size)
        CHECK_THROWS_AS(PrivateKey::from_der(KeyType::ec_p256, ByteView(der).first(size)), std::runtime_error);
    const Bytes small = PrivateKey::generate(KeyType::rsa_1024).private_der();
    CHECK_THROWS_AS(PrivateKey::from_der(KeyType::rsa_2048, small), std::runtime_error);
}

TEST_CASE("a public key that cannot be read verifies nothing", "[certs][key]")
{
    const PrivateKey key = PrivateKey::generate(GENERATE(KeyType::ec_p256, KeyType::ed25519, KeyType::rsa_1024));
    const Bytes info = key.public_key_info();
    const Bytes signature = key.sign(HashAlgorithm::sha256, to_bytes("x"));
    for (std::size_t size = 0; size < info.size(); ++size)
        CHECK_FALSE(verify_signature(ByteView(info).first(size), HashAlgorithm::sha256, to_bytes("x"), signature));
    for (std::size_t i = 0; i < info.size(); ++i) {
        Bytes changed = info;
        changed[i] ^= 0xff;
        verify_signature(changed, HashAlgorithm::sha256, to_bytes("x"), signature); // either way, but it returns
    }
}

TEST_CASE("OpenSSL reads the private key of every type", "[certs][key][openssl]")
{
    if (!test::has_program("openssl")) return;
    const TemporaryDirectory directory;
    const auto file = directory.path() / "key.pem";
    for (KeyType type : kAllTypes) {
        CAPTURE(name(type));
        const PrivateKey key = PrivateKey::generate(type);
        test::write_text(file, key.private_pem());
        const auto result = test::run_program("openssl pkey -in " + file.string() + " -pubout", directory.path());
        CHECK(result.output == to_pem("PUBLIC KEY", key.public_key_info()));
    }
}
