// SPDX-License-Identifier: GPL-2.0-or-later
// Vectors of RFC 8448, section 3, "Simple 1-RTT Handshake".
#include "server/wire/record_protection.h"
#include "tests/wire/hex_file.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

constexpr Tls13Algorithms kAes128{Aead::aes_128_gcm, HashAlgorithm::sha256};

// "{client} send handshake record": the client's Finished under client_handshake_traffic_secret.
constexpr auto kClientHandshakeSecret =
    "b3 ed db 12 6e 06 7f 35 a7 80 b3 ab f4 5e 2d 8f 3b 1a 95 07 38 f5 2e 96 00 74 6a 0e 27 a5 5a 21";
constexpr auto kClientFinished =
    "14 00 00 20 a8 ec 43 6d 67 76 34 ae 52 5a c1 fc eb e1 1a 03 9e c1 76 94 fa c6 e9 85 27 b6 42 f2 ed d5 ce 61";
constexpr auto kClientFinishedRecord = R"(
    17 03 03 00 35 75 ec 4d c2 38 cc e6 0b 29 80 44 a7 1e 21 9c 56 cc 77 b0 51 7f e9 b9 3c 7a 4b fc 44 d8
    7f 38 f8 03 38 ac 98 fc 46 de b3 84 bd 1c ae ac ab 68 67 d7 26 c4 05 46)";

// "{client} send application_data record": 50 octets under client_application_traffic_secret_0.
constexpr auto kClientApplicationSecret =
    "9e 40 64 6c e7 9a 7f 9d c0 5a f8 88 9b ce 65 52 87 5a fa 0b 06 df 00 87 f7 92 eb b7 c1 75 04 a5";
constexpr auto kApplicationDataRecord = R"(
    17 03 03 00 43 a2 3f 70 54 b6 2c 94 d0 af fa fe 82 28 ba 55 cb ef ac ea 42 f9 14 aa 66 bc ab 3f 2b 98
    19 a8 a5 b4 6b 39 5b d5 4a 9a 20 44 1e 2b 62 97 4e 1f 5a 62 92 a2 97 70 14 bd 1e 3d ea e6 3a ee bb 21
    69 49 15 e4)";
// "{client} send alert record", the next one under the same secret.
constexpr auto kCloseNotifyRecord = "17 03 03 00 13 c9 87 27 60 65 56 66 b7 4d 7f f1 15 3e fd 6d b6 d0 b0 e3";

Record record_of(const Bytes& bytes)
{
    RecordReader reader;
    reader.feed(bytes);
    return std::get<Record>(reader.next());
}

TEST_CASE("the client's Finished of RFC 8448 opens and seals to the same octets", "[wire][record_protection]")
{
    const Bytes wire = from_hex(kClientFinishedRecord);
    RecordProtection opening(kAes128, from_hex(kClientHandshakeSecret));
    const auto inner = opening.open(record_of(wire));
    REQUIRE(inner);
    CHECK(inner->type == ContentType::handshake);
    CHECK(inner->content == from_hex(kClientFinished));
    RecordProtection sealing(kAes128, from_hex(kClientHandshakeSecret));
    CHECK(sealing.seal(ContentType::handshake, from_hex(kClientFinished)) == wire);
}

TEST_CASE("the sequence number counts the records of one secret, as in RFC 8448", "[wire][record_protection]")
{
    Bytes data(50);
    for (std::size_t index = 0; index < data.size(); ++index) data[index] = static_cast<std::uint8_t>(index);
    RecordProtection sealing(kAes128, from_hex(kClientApplicationSecret));
    CHECK(sealing.seal(ContentType::application_data, data) == from_hex(kApplicationDataRecord));
    CHECK(sealing.seal(ContentType::alert, from_hex("01 00")) == from_hex(kCloseNotifyRecord));

    RecordProtection opening(kAes128, from_hex(kClientApplicationSecret));
    CHECK_FALSE(opening.open(record_of(from_hex(kCloseNotifyRecord)))); // out of its turn, and no number is used up
    CHECK(opening.open(record_of(from_hex(kApplicationDataRecord)))->content == data);
    const auto alert = opening.open(record_of(from_hex(kCloseNotifyRecord)));
    REQUIRE(alert);
    CHECK(alert->type == ContentType::alert);
    CHECK(alert->content == from_hex("01 00"));
}

TEST_CASE("a record with one bit changed anywhere does not open", "[wire][record_protection]")
{
    const Bytes wire = from_hex(kClientFinishedRecord);
    for (std::size_t at = kRecordHeaderLength; at < wire.size(); ++at) {
        Bytes changed = wire;
        changed[at] ^= 1;
        RecordProtection opening(kAes128, from_hex(kClientHandshakeSecret));
        CHECK_FALSE(opening.open(record_of(changed)));
    }
    Record other_version = record_of(wire);
    other_version.version = ProtocolVersion::tls11;
    CHECK_FALSE(RecordProtection(kAes128, from_hex(kClientHandshakeSecret)).open(other_version));
    Record cut = record_of(wire);
    cut.fragment.resize(7); // shorter than a tag
    CHECK_FALSE(RecordProtection(kAes128, from_hex(kClientHandshakeSecret)).open(cut));
}

TEST_CASE("padding is removed, and what is all padding has no type", "[wire][record_protection]")
{
    const Bytes secret = from_hex(kClientHandshakeSecret);
    // The inner type of a sealed record is its last octet that is not zero: content with zeros behind looks like
    // padding.
    RecordProtection sealing(kAes128, secret);
    const Bytes padded = sealing.seal(ContentType{0}, from_hex("01 28 15 00 00"));
    const auto inner = RecordProtection(kAes128, secret).open(record_of(padded));
    REQUIRE(inner);
    CHECK(inner->type == ContentType::alert);
    CHECK(inner->content == from_hex("01 28"));

    RecordProtection again(kAes128, secret);
    const auto nothing = RecordProtection(kAes128, secret).open(record_of(again.seal(ContentType{0}, Bytes(10))));
    REQUIRE(nothing);
    CHECK(nothing->content.empty());
}

TEST_CASE("each suite of TLS 1.3 seals what it opens, and others have no such protection", "[wire][record_protection]")
{
    using enum CipherSuite;
    for (const auto suite : {TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256,
                             TLS_AES_128_CCM_SHA256, TLS_AES_128_CCM_8_SHA256}) {
        const auto algorithms = tls13_algorithms(suite);
        INFO(name(suite));
        REQUIRE(algorithms);
        const Bytes secret(algorithms->hash == HashAlgorithm::sha384 ? 48 : 32, 7);
        RecordProtection sealing(*algorithms, secret);
        RecordProtection opening(*algorithms, secret);
        for (int count = 0; count < 3; ++count) {
            const auto inner =
                opening.open(record_of(sealing.seal(ContentType::application_data, to_bytes("content"))));
            REQUIRE(inner);
            CHECK(to_text(inner->content) == "content");
        }
    }
    CHECK_FALSE(tls13_algorithms(CipherSuite{0xc02b}));
    CHECK_FALSE(tls13_algorithms(CipherSuite::TLS_FALLBACK_SCSV));
}

} // namespace
} // namespace alert40
