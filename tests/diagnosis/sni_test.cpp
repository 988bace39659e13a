// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

std::vector<Finding> refused(ClientHello hello, AlertDescription description)
{
    return diagnose_wire(WireMaker(std::move(hello)).server_alert(description).wire());
}

ClientHello nameless_hello()
{
    return without(modern_hello(), ExtensionType::server_name);
}

} // namespace

TEST_CASE("112 to a ClientHello with a name is about that name", "[diagnosis][sni-unknown-name]")
{
    const auto findings = refused(modern_hello(), AlertDescription::unrecognized_name);
    CHECK(top(findings) == "sni-unknown-name");
    CHECK(claim(findings, "sni-unknown-name") == Confidence::likely);
    CHECK(claim(findings, "server-certificate-missing") == Confidence::possible);
    CHECK_FALSE(claim(findings, "sni-missing"));
}

TEST_CASE("the same 112 to a ClientHello without one is about its absence", "[diagnosis][sni-missing]")
{
    const auto findings = refused(nameless_hello(), AlertDescription::unrecognized_name);
    CHECK(top(findings) == "sni-missing");
    CHECK(claim(findings, "sni-missing") == Confidence::certain);
    CHECK_FALSE(claim(findings, "sni-unknown-name"));
    CHECK(claim(refused(nameless_hello(), AlertDescription::internal_error), "sni-missing") == Confidence::likely);
}

TEST_CASE("an address in place of a name is no name", "[diagnosis][sni-missing]")
{
    const auto hello = with(modern_hello(), server_name_extension("127.0.0.1"));
    const auto findings = refused(hello, AlertDescription::unrecognized_name);
    CHECK(claim(findings, "sni-missing") == Confidence::likely);
    CHECK(claim(findings, "sni-unknown-name") == Confidence::likely);
}

TEST_CASE("80 before the ServerHello may be the name, and its absence is told apart", "[diagnosis][sni-missing]")
{
    CHECK(claim(refused(modern_hello(), AlertDescription::internal_error), "sni-unknown-name") == Confidence::possible);
    CHECK_FALSE(claim(refused(modern_hello(), AlertDescription::internal_error), "signature-scheme-mismatch"));
    CHECK(claim(refused(nameless_hello(), AlertDescription::internal_error), "sni-missing") == Confidence::likely);
    CHECK(claim(refused(nameless_hello(), AlertDescription::missing_extension), "sni-missing") == Confidence::likely);
}

TEST_CASE("a close or a reset after the ClientHello may be about the name", "[diagnosis][sni-unknown-name]")
{
    const auto end = GENERATE(SocketEventKind::server_fin, SocketEventKind::server_reset);
    const auto named = diagnose_wire(WireMaker(modern_hello()).socket(end).wire());
    const auto nameless = diagnose_wire(WireMaker(nameless_hello()).socket(end).wire());
    CHECK(claim(named, "sni-unknown-name") == Confidence::possible);
    CHECK_FALSE(claim(named, "sni-missing"));
    CHECK(claim(nameless, "sni-missing") == Confidence::possible);
    CHECK_FALSE(claim(nameless, "sni-unknown-name"));
}

TEST_CASE("112 as a warning that the client took for the end", "[diagnosis][sni-unknown-name]")
{
    const auto wire = WireMaker(modern_hello())
                          .server_alert(AlertDescription::unrecognized_name, AlertLevel::warning)
                          .socket(SocketEventKind::server_fin)
                          .wire();
    CHECK(top(diagnose_wire(wire)) == "sni-unknown-name");
    CHECK_FALSE(claim(diagnose_wire(wire), "middlebox-close"));
}

TEST_CASE("112 in words alone does not tell a missing name from an unknown one", "[diagnosis][sni-missing]")
{
    const auto findings = diagnose_text({"alert-received:unrecognized_name"});
    CHECK(top(findings) == "sni-unknown-name");
    CHECK(claim(findings, "sni-missing") == Confidence::possible);
}

TEST_CASE("a default host's certificate leaves the name's routing possible", "[diagnosis][sni-unknown-name]")
{
    TemporaryDirectory directory;
    StateDirectory state{directory.path() / "state", now()};
    auto maker = WireMaker(tls12_hello())
                     .server_hello(ProtocolVersion::tls12)
                     .chain(forge_with(state, "wrong-name").certificates);
    maker.reach(Phase::after_server_flight).client_alert(AlertDescription::bad_certificate);
    const auto findings = diagnose_wire(maker.wire());
    CHECK(top(findings) == "certificate-wrong-name");
    CHECK(claim(findings, "sni-unknown-name") == Confidence::possible);
}
