// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/hello_maker.h"

#include "scenarios/loader/input_error.h"
#include "server/wire/client_hello_extensions.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>

#include <fstream>

namespace alert40 {
namespace {

ClientHello reparsed(const ClientHello& hello)
{
    auto parsed = parse_client_hello(compose_client_hello(hello));
    if (const auto* error = std::get_if<WireError>(&parsed)) FAIL(error->text);
    return std::get<ClientHello>(std::move(parsed));
}

TEST_CASE("the usual ClientHello is one, with key shares that are whole", "[probes][hello]")
{
    const auto hello = modern_hello("www.example.com");
    CHECK(reparsed(hello) == hello);
    CHECK(hello.server_name() == "www.example.com");
    CHECK(hello.offered_versions() == std::vector<ProtocolVersion>{ProtocolVersion::tls13, ProtocolVersion::tls12});
    REQUIRE(hello.key_shares().size() == 2);
    CHECK(hello.key_shares()[0].key_exchange.size() == 32);
    CHECK(hello.key_shares()[1].key_exchange.size() == 65);
    CHECK_FALSE(modern_hello(std::nullopt).server_name());
}

TEST_CASE("each ClientHello has its own random, session id and key shares, and the same offer", "[probes][hello]")
{
    const auto first = modern_hello("a.example");
    const auto second = fresh(first);
    CHECK(first.random != second.random);
    CHECK(first.session_id != second.session_id);
    CHECK(first.session_id.size() == second.session_id.size());
    CHECK(first.key_shares() != second.key_shares());
    CHECK(first.key_share_groups() == second.key_share_groups());
    CHECK(first.cipher_suites == second.cipher_suites);
}

TEST_CASE("a session of another connection is not offered", "[probes][hello]")
{
    auto hello = modern_hello("a.example");
    set_extension(hello.extensions, session_ticket_extension(Bytes(100, 1)));
    hello.extensions.push_back({ExtensionType::early_data, {}});
    const auto next = fresh(hello);
    CHECK(find_extension(next.extensions, ExtensionType::session_ticket)->body.empty());
    CHECK_FALSE(next.has_early_data());
}

TEST_CASE("every recorded client's ClientHello can be sent afresh", "[probes][hello]")
{
    for (const auto& profile : load_hello_profiles(test_source_dir())) {
        INFO(profile.title());
        const auto hello = fresh(profile.hello);
        CHECK(reparsed(hello) == hello);
        CHECK(compose_client_hello(hello).size() == compose_client_hello(profile.hello).size());
    }
}

TEST_CASE("public values have the length of their group", "[probes][hello]")
{
    using enum NamedGroup;
    const auto [group, length] = GENERATE(table<NamedGroup, std::size_t>({{x25519, 32},
                                                                          {x448, 56},
                                                                          {secp256r1, 65},
                                                                          {secp384r1, 97},
                                                                          {secp521r1, 133},
                                                                          {ffdhe2048, 256},
                                                                          {ffdhe8192, 1024},
                                                                          {X25519MLKEM768, 1216},
                                                                          {SecP256r1MLKEM768, 1249},
                                                                          {SecP384r1MLKEM1024, 1665},
                                                                          {MLKEM768, 1184},
                                                                          {MLKEM1024, 1568}}));
    REQUIRE(public_value(group));
    CHECK(public_value(group)->size() == length);
    CHECK_FALSE(public_value(sect571r1));
}

TEST_CASE("an ML-KEM key has coefficients below its modulus (FIPS 203 section 7.2)", "[probes][hello]")
{
    const auto key = *public_value(NamedGroup::MLKEM768);
    for (std::size_t at = 0; at + 32 < key.size(); at += 3) {
        const unsigned first = key[at] | (key[at + 1] & 0x0FU) << 8;
        const unsigned second = key[at + 1] >> 4 | key[at + 2] << 4U;
        REQUIRE(first < 3329);
        REQUIRE(second < 3329);
    }
}

TEST_CASE("a HelloRetryRequest is followed with the share it asks for and its cookie", "[probes][hello]")
{
    const auto first = modern_hello("a.example");
    ServerHello request;
    request.random = kHelloRetryRequestRandom;
    request.extensions = {retry_group_extension(NamedGroup::secp384r1), {ExtensionType::cookie, Bytes{0, 1, 7}}};
    const auto second = retried(first, request);
    REQUIRE(second);
    CHECK(second->key_share_groups() == std::vector<NamedGroup>{NamedGroup::secp384r1});
    CHECK(second->random == first.random);
    CHECK(second->has_extension(ExtensionType::cookie));
    request.extensions = {retry_group_extension(NamedGroup::x448)}; // not offered
    CHECK_FALSE(retried(first, request));
}

TEST_CASE("a client is found by the names that others have for it", "[probes][hello]")
{
    const auto profiles = load_hello_profiles(test_source_dir());
    const auto [name, client] = GENERATE(table<std::string, std::string>({{"curl", "curl"},
                                                                          {"openssl", "openssl"},
                                                                          {"openssl-s_client", "openssl"},
                                                                          {"node20", "node-20"},
                                                                          {"Node-24", "node-24"},
                                                                          {"python3.11-urllib", "python-urllib"},
                                                                          {"java-urlconn", "java-urlconnection"},
                                                                          {"erlang-httpc", "erlang"},
                                                                          {"wolfssl", "builtin"}}));
    CHECK(find_profile(profiles, name).client == client);
}

TEST_CASE("an unknown client is refused with the names there are", "[probes][hello]")
{
    const auto profiles = load_hello_profiles(test_source_dir());
    CHECK_THROWS_WITH(find_profile(profiles, "firefix"),
                      Catch::Contains("no ClientHello of a client 'firefix'") && Catch::Contains("firefox"));
}

TEST_CASE("a ClientHello is read from a file with and without its headers", "[probes][hello]")
{
    const auto file = std::filesystem::temp_directory_path() / "alert40-hello-maker-test";
    const auto hello = modern_hello("a.example");
    const std::string body = to_hex(compose_client_hello(hello));
    const auto size = static_cast<unsigned>(body.size() / 2);
    const auto number = [](unsigned value, std::size_t octets) {
        Bytes bytes;
        while (octets-- > 0) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * octets)));
        return to_hex(bytes);
    };
    const std::string message = "01" + number(size, 3) + body;
    const std::string record = "160301" + number(size + 4, 2) + message + "\n";
    for (const auto& text : {body, message, record}) {
        std::ofstream(file) << text;
        CHECK(read_hello_file(file) == hello);
    }
    std::ofstream(file) << "no hexadecimal";
    CHECK_THROWS_AS(read_hello_file(file), InputError);
    std::ofstream(file) << body.substr(0, 100);
    CHECK_THROWS_AS(read_hello_file(file), InputError);
    std::filesystem::remove(file);
    CHECK_THROWS_AS(read_hello_file(file), InputError);
}

} // namespace
} // namespace alert40
