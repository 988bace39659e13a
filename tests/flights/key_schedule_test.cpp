// SPDX-License-Identifier: GPL-2.0-or-later
// Vectors of RFC 8448, sections 3 ("Simple 1-RTT Handshake") and 4 ("Resumed 0-RTT Handshake").
#include "server/flights/key_schedule.h"

#include "tests/wire/hex_file.h"
#include "tests/wire/rfc8448.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

constexpr auto kSha256 = HashAlgorithm::sha256;

constexpr auto kEcdheSecret =
    "8b d4 05 4f b5 5b 9d 63 fd fb ac f9 f0 4b 9f 0d 35 e6 d6 3f 53 75 63 ef d4 62 72 90 0f 89 49 2d";
constexpr auto kClientHandshakeTraffic =
    "b3 ed db 12 6e 06 7f 35 a7 80 b3 ab f4 5e 2d 8f 3b 1a 95 07 38 f5 2e 96 00 74 6a 0e 27 a5 5a 21";
constexpr auto kServerHandshakeTraffic =
    "b6 7b 7d 69 0c c1 6c 4e 75 e5 42 13 cb 2d 37 b4 e9 c9 12 bc de d9 10 5d 42 be fd 59 d3 91 ad 38";
// The transcript up to the server's Finished, and the secrets behind it.
constexpr auto kHashAtServerFinished =
    "96 08 10 2a 0f 1c cc 6d b6 25 0b 7b 7e 41 7b 1a 00 0e aa da 3d aa e4 77 7a 76 86 c9 ff 83 df 13";
constexpr auto kClientTraffic =
    "9e 40 64 6c e7 9a 7f 9d c0 5a f8 88 9b ce 65 52 87 5a fa 0b 06 df 00 87 f7 92 eb b7 c1 75 04 a5";
constexpr auto kServerTraffic =
    "a1 1a f9 f0 55 31 f8 56 ad 47 11 6b 45 a9 50 32 82 04 b4 f4 4b fb 6b 3a 4b 4f 1f 3f cb 63 16 43";
constexpr auto kExporterMaster =
    "fe 22 f8 81 17 6e da 18 eb 8f 44 52 9e 67 92 c5 0c 9a 3f 89 45 2f 68 d8 ae 31 1b 43 09 d3 cf 50";
// "{client} derive secret "tls13 res master"", "{server} generate resumption secret".
constexpr auto kHashAtClientFinished =
    "20 91 45 a9 6e e8 e2 a1 22 ff 81 00 47 cc 95 26 84 65 8d 60 49 e8 64 29 42 6d b8 7c 54 ad 14 3d";
constexpr auto kResumptionMaster =
    "7d f2 35 f2 03 1d 2a 05 12 87 d0 2b 02 41 b0 bf da f8 6c c8 56 23 1f 2d 5a ba 46 c4 34 ec 19 6c";
constexpr auto kResumption =
    "4e cd 0e b6 ec 3b 4d 87 f5 d6 02 8f 92 2c a4 c5 85 1a 27 7f d4 13 11 c9 e6 2d 2c 94 92 e1 c4 f3";

Bytes hash_of_hellos()
{
    Bytes hellos = from_hex(kRfc8448ClientHello);
    append(hellos, from_hex(kRfc8448ServerHello));
    return hash(kSha256, hellos);
}

TEST_CASE("the key schedule derives the traffic secrets of RFC 8448", "[flights][key_schedule]")
{
    KeySchedule keys(kSha256);
    keys.exchange(from_hex(kEcdheSecret));
    const Bytes hellos = hash_of_hellos();
    CHECK(keys.derive("c hs traffic", hellos) == from_hex(kClientHandshakeTraffic));
    CHECK(keys.derive("s hs traffic", hellos) == from_hex(kServerHandshakeTraffic));
    keys.finish();
    const Bytes finished = from_hex(kHashAtServerFinished);
    CHECK(keys.derive("c ap traffic", finished) == from_hex(kClientTraffic));
    CHECK(keys.derive("s ap traffic", finished) == from_hex(kServerTraffic));
    CHECK(keys.derive("exp master", finished) == from_hex(kExporterMaster));
    CHECK(keys.derive("res master", from_hex(kHashAtClientFinished)) == from_hex(kResumptionMaster));
}

TEST_CASE("the client's Finished of RFC 8448 covers the server's flight", "[flights][key_schedule]")
{
    CHECK(finished_verify_data(kSha256, from_hex(kClientHandshakeTraffic), from_hex(kHashAtServerFinished)) ==
          from_hex("a8 ec 43 6d 67 76 34 ae 52 5a c1 fc eb e1 1a 03 9e c1 76 94 fa c6 e9 85 27 b6 42 f2 ed d5 ce 61"));
}

TEST_CASE("a ticket stands for the PSK of RFC 8448", "[flights][key_schedule]")
{
    CHECK(resumption_psk(kSha256, from_hex(kResumptionMaster), from_hex("00 00")) == from_hex(kResumption));
}

TEST_CASE("a PSK makes the early secrets and the binder key of RFC 8448", "[flights][key_schedule]")
{
    const KeySchedule early(kSha256, from_hex(kResumption));
    CHECK(early.derive("res binder", hash(kSha256, {})) ==
          from_hex("69 fe 13 1a 3b ba d5 d6 3c 64 ee bc c3 0e 39 5b 9d 81 07 72 6a 13 d0 74 e3 89 db c8 a4 e4 72 56"));
    // The binder covers the ClientHello without the binders: its hash as the RFC gives it.
    const Bytes truncated =
        from_hex("63 22 4b 2e 45 73 f2 d3 45 4c a8 4b 9d 00 9a 04 f6 be 9e 05 71 1a 83 96 47 3a ef a0 1e 92 4a 14");
    CHECK(finished_verify_data(kSha256, early.derive("res binder", hash(kSha256, {})), truncated) ==
          from_hex("3a dd 4f b2 d8 fd f8 22 a0 ca 3c f7 67 8e f5 e8 8d ae 99 01 41 c5 92 4d 57 bb 6f a3 1b 9e 5f 9d"));
}

TEST_CASE("each KeyUpdate leads to another secret", "[flights][key_schedule]")
{
    const Bytes first = from_hex(kServerTraffic);
    const Bytes second = next_traffic_secret(kSha256, first);
    CHECK(second.size() == 32);
    CHECK(second != first);
    CHECK(next_traffic_secret(kSha256, second) != second);
    CHECK(next_traffic_secret(kSha256, first) == second);
}

} // namespace
} // namespace alert40
