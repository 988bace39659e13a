// SPDX-License-Identifier: GPL-2.0-or-later
#include "server/flights/tls12_keys.h"

#include "tests/wire/hex_file.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

// The test vectors for the TLS 1.2 PRF that the IETF's TLS list agreed on ("test vectors for TLS 1.2 PRF", 2009).
TEST_CASE("the PRF of TLS 1.2 gives the published output", "[flights][tls12_keys]")
{
    const Bytes secret = from_hex("9b be 43 6b a9 40 f0 17 b1 76 52 84 9a 71 db 35");
    const Bytes seed = from_hex("a0 ba 9f 93 6c da 31 18 27 a6 f7 96 ff d5 19 8c");
    CHECK(tls12_prf(HashAlgorithm::sha256, secret, "test label", seed, 100) ==
          from_hex("e3 f2 29 ba 72 7b e1 7b 8d 12 26 20 55 7c d4 53 c2 aa b2 1d 07 c3 d4 95 32 9b 52 d4 e6 1e db 5a"
                   "6b 30 17 91 e9 0d 35 c9 c9 a4 6b 4e 14 ba f9 af 0f a0 22 f7 07 7d ef 17 ab fd 37 97 c0 56 4b ab"
                   "4f bc 91 66 6e 9d ef 9b 97 fc e3 4f 79 67 89 ba a4 80 82 d1 22 ee 42 c5 a7 2e 5a 51 10 ff f7 01"
                   "87 34 7b 66"));
}

Record record_of(const Bytes& bytes)
{
    RecordReader reader;
    reader.feed(bytes);
    return std::get<Record>(reader.next());
}

TEST_CASE("every AEAD suite of TLS 1.2 opens what it seals, in order and unchanged", "[flights][tls12_keys]")
{
    const std::string_view kSuites[] = {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                                        "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES128-CCM",
                                        "ECDHE-ECDSA-AES128-CCM8"};
    const Bytes master(48, 1);
    const Bytes client(32, 2);
    const Bytes server(32, 3);
    for (const auto suite : kSuites) {
        INFO(suite);
        const auto* found = find_cipher_suite(suite);
        REQUIRE(found != nullptr);
        const auto algorithms = tls12_algorithms(*found);
        REQUIRE(algorithms);
        auto sealing = tls12_keys(*algorithms, master, client, server);
        auto opening = tls12_keys(*algorithms, master, client, server);
        const Bytes first = sealing.server.seal(ContentType::application_data, to_bytes("one"));
        const Bytes second = sealing.server.seal(ContentType::application_data, to_bytes("two"));
        CHECK_FALSE(opening.client.open(record_of(first)));
        CHECK_FALSE(opening.server.open(record_of(second)));
        CHECK(to_text(opening.server.open(record_of(first)).value()) == "one");
        Bytes changed = second;
        changed.back() ^= 1;
        CHECK_FALSE(opening.server.open(record_of(changed)));
        CHECK(to_text(opening.server.open(record_of(second)).value()) == "two");
    }
}

TEST_CASE("suites without an AEAD have no such protection", "[flights][tls12_keys]")
{
    for (const auto suite : {"ECDHE-ECDSA-AES128-SHA", "AES128-SHA", "TLS_AES_128_GCM_SHA256"}) {
        const auto* found = find_cipher_suite(std::string_view(suite));
        REQUIRE(found != nullptr);
        CHECK_FALSE(tls12_algorithms(*found));
    }
}

} // namespace
} // namespace alert40
