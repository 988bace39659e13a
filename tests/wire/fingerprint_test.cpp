// SPDX-License-Identifier: GPL-2.0-or-later
// JA3 and JA4 against what their authors publish, and of real clients against tshark 4.0 (JA3).
#include "server/wire/fingerprint.h"

#include "server/wire/client_hello_extensions.h"
#include "tests/wire/hex_file.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

ClientHello hello_with(const std::vector<unsigned>& suites)
{
    ClientHello hello;
    for (const auto suite : suites) hello.cipher_suites.push_back(CipherSuite{static_cast<std::uint16_t>(suite)});
    return hello;
}

Extension empty(unsigned type)
{
    return {ExtensionType{static_cast<std::uint16_t>(type)}, {}};
}

ClientHello real_hello(const std::string& client)
{
    const Bytes record = read_hex_file("client_hello/" + client + ".hex");
    return std::get<ClientHello>(parse_client_hello(ByteView(record).subspan(9)));
}

/// The ClientHello of the example in FoxIO's JA4.md, with GREASE wherever Chrome puts it.
ClientHello example_of_ja4()
{
    auto hello = hello_with({0x4A4A, 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013,
                             0xC014, 0x009C, 0x009D, 0x002F, 0x0035});
    std::vector<SignatureScheme> schemes;
    for (const unsigned scheme : {0x2A2A, 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601})
        schemes.push_back(SignatureScheme{static_cast<std::uint16_t>(scheme)});
    for (const unsigned type : {0x1A1A, 0x001B, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002D, 0x000D, 0x0005, 0x0023,
                                0x0012, 0x002B, 0xFF01, 0x000B, 0x000A, 0x0015, 0xFAFA})
        hello.extensions.push_back(empty(type));
    set_extension(hello.extensions, server_name_extension("example.test"));
    set_extension(hello.extensions, alpn_extension({"h2", "http/1.1"}));
    set_extension(hello.extensions, signature_algorithms_extension(schemes));
    set_extension(hello.extensions, supported_versions_extension(
                                        {ProtocolVersion{0xFAFA}, ProtocolVersion::tls12, ProtocolVersion::tls13}));
    return hello;
}

TEST_CASE("JA3 is that of the examples of its authors", "[wire][fingerprint]")
{
    auto full = hello_with({47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4});
    full.legacy_version = ProtocolVersion::tls10;
    full.extensions = {server_name_extension("example.test"),
                       supported_groups_extension({NamedGroup{23}, NamedGroup{24}, NamedGroup{25}}),
                       ec_point_formats_extension()};
    CHECK(ja3_text(full) == "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0");
    CHECK(ja3(full) == "ada70206e40642a3e4461f35503241d5");
    auto bare = hello_with({4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99});
    bare.legacy_version = ProtocolVersion::tls10;
    CHECK(ja3_text(bare) == "769,4-5-10-9-100-98-3-6-19-18-99,,,");
    CHECK(ja3(bare) == "de350869b8c85de67a350c8d186f11e6");
}

TEST_CASE("JA4 is that of the example of its specification, sorted, raw and in the order of the wire",
          "[wire][fingerprint]")
{
    const auto hello = example_of_ja4();
    CHECK(ja4(hello) == "t13d1516h2_8daaf6152771_e5627efa2ab1");
    CHECK(ja4_text(hello) ==
          "t13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9_0005,000a,000b,000d,"
          "0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01_0403,0804,0401,0503,0805,0501,0806,0601");
    CHECK(ja4_original_text(hello) ==
          "t13d1516h2_1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035_001b,0000,0033,0010,"
          "4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015_0403,0804,0401,0503,0805,0501,0806,0601");
}

TEST_CASE("JA4 without signature schemes has no underscore, and nothing at all is zeros", "[wire][fingerprint]")
{
    auto hello = example_of_ja4();
    remove_extension(hello.extensions, ExtensionType::signature_algorithms);
    hello.extensions.push_back(empty(0x000D)); // still in the list of extensions, as in the specification's example
    CHECK(ja4(hello) == "t13d1516h2_8daaf6152771_6d807ffa2a79");
    CHECK(ja4(ClientHello{}) == "t12i000000_000000000000_000000000000");
    auto only_names = hello_with({0x1301});
    only_names.extensions = {server_name_extension("example.test"), alpn_extension({"h2"})};
    CHECK(ja4(only_names).ends_with("_000000000000"));
    CHECK(ja4(only_names).starts_with("t12d0102h2_"));
}

TEST_CASE("the version of JA4 is the highest that is offered", "[wire][fingerprint]")
{
    struct Case {
        unsigned legacy;
        std::vector<unsigned> offered;
        std::string digits;
    };
    const auto each =
        GENERATE(Case{0x0303, {}, "t12"}, Case{0x0302, {}, "t11"}, Case{0x0301, {}, "t10"}, Case{0x0300, {}, "ts3"},
                 Case{0x0002, {}, "ts2"}, Case{0x0505, {}, "t00"}, Case{0x0303, {0x0304, 0x0303}, "t13"},
                 Case{0x0303, {0xDADA, 0x0303, 0x0304}, "t13"}, Case{0x0303, {0x0302, 0x0303}, "t12"},
                 Case{0x0303, {0x7F1C, 0x0303}, "t00"}, Case{0x0303, {0xDADA}, "t12"});
    ClientHello hello;
    hello.legacy_version = ProtocolVersion{static_cast<std::uint16_t>(each.legacy)};
    std::vector<ProtocolVersion> offered;
    for (const auto version : each.offered) offered.push_back(ProtocolVersion{static_cast<std::uint16_t>(version)});
    if (!offered.empty()) hello.extensions.push_back(supported_versions_extension(offered));
    CHECK(ja4(hello).substr(0, 3) == each.digits);
}

TEST_CASE("the ALPN of JA4 is its ends, in hexadecimal where they are not alphanumeric", "[wire][fingerprint]")
{
    const std::pair<std::string, std::string> cases[] = {
        {"h2", "h2"},
        {"http/1.1", "h1"},
        {"x", "xx"},
        {"\xAB", "ab"},
        {" ", "20"},
        {"\xAB\xCD", "ad"},
        {" a", "21"},
        {"0\xAB", "3b"},
        {"a ", "60"},
        {"01\xAB\xCD", "3d"},
        {"0\xAB\xCD"
         "1",
         "01"},
    };
    for (const auto& [protocol, ends] : cases) {
        ClientHello hello;
        hello.extensions = {alpn_extension({protocol, "other"})};
        CHECK(ja4(hello).substr(8, 2) == ends);
    }
}

TEST_CASE("more than 99 suites are 99, and signalling suites count", "[wire][fingerprint]")
{
    std::vector<unsigned> many;
    for (unsigned suite = 0; suite < 120; ++suite) many.push_back(suite);
    CHECK(ja4(hello_with(many)).substr(4, 2) == "99");
    CHECK(ja4(hello_with({0x00FF, 0x5600, 0x0A0A})).substr(4, 2) == "02");
}

TEST_CASE("real clients have the JA3 that tshark gives them", "[wire][fingerprint]")
{
    struct Case {
        std::string client, ja3, ja4;
    };
    const auto each = GENERATE(
        Case{"chromium", "175d15cf47306f605caac8c6063c030e", "t13d1517h2_8daaf6152771_cb7bf5808d99"},
        Case{"curl-tls13", "0149f47eabf9a20d0893e2a44e5a6323", "t13d3112h2_e8f1e7e78f70_b26ce05bbdd6"},
        Case{"firefox", "6447ab086255d194909d4013b1a89e87", "t13d1617h2_86a278354501_3cbfd9057e0d"},
        Case{"gnutls", "f35ce21b44ac0b87d3266294bb1b0e20", "t13d291300_723694b0fccc_2cc26d266019"},
        Case{"java", "795a08fe385896aee616d3b7236502da", "t13i371100_db35923f8641_7c76daad20ec"},
        Case{"node", "1a28e69016765d92e3b381168d68922c", "t13d5911h2_a33745022dd6_1f22a2ca17c4"},
        Case{"openssl-fallback-scsv", "efa7abcd584a3b7deee0500362d94761", "t12d290700_e8896cf58dc3_e7e480e5a997"},
        Case{"openssl-tls10", "4e9d43688ef48b6b1fbe71f290acfc8f", "t10d230600_44099cda8a52_195413a0cc0f"},
        Case{"openssl-without-sni", "c216e752cae6f8755fd27f561d031636", "t13i310900_e8f1e7e78f70_1f22a2ca17c4"},
        Case{"socat", "9159770dc03f66db850e3574a5a9a829", "t13d041000_16476d049b0b_78f1d400d464"});
    const auto hello = real_hello(each.client);
    CHECK(ja3(hello) == each.ja3);
    CHECK(ja4(hello) == each.ja4);
}

TEST_CASE("a malformed list of point formats counts as none", "[wire][fingerprint]")
{
    auto hello = hello_with({47});
    hello.extensions = {{ExtensionType::ec_point_formats, {9, 0}}};
    CHECK(ja3_text(hello) == "771,47,11,,");
}

} // namespace
} // namespace alert40
