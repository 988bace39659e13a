// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/change.h"

#include "scenarios/vocabulary/grease.h"
#include "server/wire/client_hello_extensions.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace alert40 {
namespace {

ProbeHello usual()
{
    ProbeHello probe;
    probe.hello = modern_hello("www.example.com");
    return probe;
}

ClientHello after(const HelloChange& change, ProbeHello probe = usual())
{
    const auto hello = changed(std::move(probe), change).hello;
    const auto parsed = parse_client_hello(compose_client_hello(hello));
    if (const auto* error = std::get_if<WireError>(&parsed)) FAIL(change.what << ": " << error->text);
    return hello;
}

TEST_CASE("an added version comes with what it cannot do without", "[probes][change]")
{
    const auto only13 = changed(usual(), remove_version(ProtocolVersion::tls12));
    REQUIRE(only13.hello.offered_versions() == std::vector<ProtocolVersion>{ProtocolVersion::tls13});
    const auto only12 = changed(usual(), remove_version(ProtocolVersion::tls13));
    REQUIRE_FALSE(only12.hello.offers(ProtocolVersion::tls13));
    REQUIRE(only12.hello.key_shares().empty());

    const auto with13 = after(add_version(ProtocolVersion::tls13), only12);
    CHECK(with13.offers(ProtocolVersion::tls13));
    CHECK(with13.offers(CipherSuite::TLS_AES_128_GCM_SHA256));
    CHECK_FALSE(with13.key_shares().empty());
    CHECK_FALSE(with13.psk_key_exchange_modes().empty());
    CHECK(after(add_version(ProtocolVersion::tls10)).offers(ProtocolVersion::tls10));
    CHECK(add_version(ProtocolVersion::tls10).what == "with TLS 1.0 added");
}

TEST_CASE("TLS 1.3 is taken out with all that belongs to it", "[probes][change]")
{
    const auto hello = after(remove_version(ProtocolVersion::tls13));
    CHECK_FALSE(hello.has_extension(ExtensionType::supported_versions));
    CHECK_FALSE(hello.offers(CipherSuite::TLS_AES_128_GCM_SHA256));
    CHECK(hello.session_id.empty());
    CHECK(hello.legacy_version == ProtocolVersion::tls12);
}

TEST_CASE("lists are widened at their end, once each", "[probes][change]")
{
    const auto before = usual().hello;
    const auto camellia = static_cast<CipherSuite>(0xC077);
    const auto suites = after(add_suites({camellia, CipherSuite::TLS_AES_128_GCM_SHA256}));
    CHECK(suites.cipher_suites.size() == before.cipher_suites.size() + 1);
    CHECK(suites.cipher_suites.back() == camellia);
    CHECK(after(add_groups({NamedGroup::x448})).groups().back() == NamedGroup::x448);
    CHECK(after(add_schemes({SignatureScheme::ed25519})).offers(SignatureScheme::ed25519));
    CHECK(add_groups({NamedGroup::x448, NamedGroup::secp521r1}).what == "with x448, secp521r1 added");
}

TEST_CASE("what can be added has nothing that is offered already, and the best first", "[probes][change]")
{
    const auto hello = usual().hello;
    for (const auto suite : other_suites(hello)) CHECK_FALSE(hello.offers(suite));
    for (const auto group : other_groups(hello)) CHECK_FALSE(hello.offers(group));
    for (const auto scheme : other_schemes(hello)) CHECK_FALSE(hello.offers(scheme));
    const auto suites = other_suites(hello);
    CHECK(suites.size() + hello.cipher_suites.size() == 140); // more than wolfSSL's servers hold makes them close
    CHECK(name(suites.back()).find("anon") == std::string::npos);
    CHECK(other_groups(hello).front() == NamedGroup::secp521r1);
}

TEST_CASE("what there is no room for comes in parts that have room", "[probes][change]")
{
    const auto hello = usual().hello;
    const auto first = other_suites(hello);
    const auto parts = rarer_suites(hello);
    REQUIRE_FALSE(parts.empty());
    for (const auto& part : parts) {
        CHECK(part.size() + hello.cipher_suites.size() <= 140);
        for (const auto suite : part) CHECK(std::find(first.begin(), first.end(), suite) == first.end());
    }
}

TEST_CASE("one signal for secure renegotiation is enough", "[probes][change]")
{
    constexpr auto kSignallingSuite = static_cast<CipherSuite>(0x00FF);
    auto probe = changed(usual(), remove_version(ProtocolVersion::tls12));
    remove_extension(probe.hello.extensions, ExtensionType::renegotiation_info);
    probe.hello.cipher_suites.push_back(kSignallingSuite);
    CHECK_FALSE(after(add_version(ProtocolVersion::tls12), probe).has_extension(ExtensionType::renegotiation_info));
}

TEST_CASE("the name is sent, replaced and left out", "[probes][change]")
{
    CHECK(after(send_name("other.example")).server_name() == "other.example");
    CHECK_FALSE(after(without_name()).server_name());
    CHECK(after(send_name("new.example"), changed(usual(), without_name())).server_name() == "new.example");
}

TEST_CASE("a ClientHello is padded to a size, and cut", "[probes][change]")
{
    CHECK(size_of(after(of_size(1800))) == 1800);
    CHECK(size_of(after(of_size(10))) < 500); // never smaller than it is
    CHECK(changed(usual(), in_two_segments(100)).first_segment == 100);
}

TEST_CASE("post-quantum shares and GREASE are taken out without a trace", "[probes][change]")
{
    auto probe = changed(usual(), with_grease());
    CHECK(is_grease(probe.hello.cipher_suites.front()));
    probe = changed(std::move(probe), add_groups({NamedGroup::X25519MLKEM768}));
    const auto clean = changed(changed(probe, without_grease()), without_post_quantum()).hello;
    CHECK(clean.cipher_suites == usual().hello.cipher_suites);
    CHECK(clean.groups() == usual().hello.groups());
    CHECK(clean.extensions.size() == usual().hello.extensions.size());
}

TEST_CASE("each change says what it is", "[probes][change]")
{
    const std::vector<HelloChange> all = {ssl3_alone(),
                                          without_alpn(),
                                          with_alpn({"h2"}),
                                          without_post_quantum(),
                                          without_padding(),
                                          with_extended_master_secret(),
                                          with_renegotiation_info(),
                                          without_fallback_scsv(),
                                          without_session_id(),
                                          without_grease(),
                                          with_record_version(ProtocolVersion::tls12),
                                          bare(),
                                          with_proxy_header({asio::ip::address_v4::loopback(), 443})};
    for (const auto& change : all) {
        CHECK_FALSE(change.what.empty());
        CHECK_FALSE(name(change.field).empty());
        after(change);
    }
}

TEST_CASE("a PROXY header names the connection's family", "[probes][change]")
{
    const auto header = [](const asio::ip::tcp::endpoint& server) {
        return to_text(changed(usual(), with_proxy_header(server)).before);
    };
    CHECK(header({asio::ip::address_v4::loopback(), 8443}) == "PROXY TCP4 127.0.0.1 127.0.0.1 40000 8443\r\n");
    CHECK(header({asio::ip::address_v6::loopback(), 443}) == "PROXY TCP6 ::1 ::1 40000 443\r\n");
}

} // namespace
} // namespace alert40
