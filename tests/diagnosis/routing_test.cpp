// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/offer.h"
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

ClientHello hello_with_alpn()
{
    return with(modern_hello(), alpn_extension({"h2", "http/1.1"}));
}

ClientHello hello_with_ticket()
{
    return with(modern_hello(), session_ticket_extension(some_bytes(160)));
}

Transcript refused(ClientHello hello, AlertDescription description)
{
    return WireMaker(std::move(hello)).server_alert(description).wire();
}

Transcript connected(ClientHello hello)
{
    return WireMaker(std::move(hello)).server_hello(ProtocolVersion::tls13).reach(Phase::after_application_data).wire();
}

} // namespace

TEST_CASE("120 to a list of protocols has one meaning", "[diagnosis][alpn-mismatch]")
{
    const auto findings = diagnose_wire(refused(hello_with_alpn(), AlertDescription::no_application_protocol));
    CHECK(top(findings) == "alpn-mismatch");
    CHECK(claim(findings, "alpn-mismatch") == Confidence::certain);
    CHECK_THAT(reasons(findings, "alpn-mismatch"), Catch::Contains("h2, http/1.1"));
}

TEST_CASE("120 to a ClientHello without ALPN is hardly about it", "[diagnosis][alpn-mismatch]")
{
    const auto findings = diagnose_wire(refused(modern_hello(), AlertDescription::no_application_protocol));
    CHECK(claim(findings, "alpn-mismatch") == Confidence::possible);
}

TEST_CASE("120 means the same after a ServerHello", "[diagnosis][alpn-mismatch]")
{
    const auto wire = WireMaker(hello_with_alpn())
                          .server_hello(ProtocolVersion::tls13)
                          .server_alert(AlertDescription::no_application_protocol)
                          .wire();
    CHECK(claim(diagnose_wire(wire), "alpn-mismatch") == Confidence::certain);
}

TEST_CASE("120 in the client's words is likely about ALPN", "[diagnosis][alpn-mismatch]")
{
    CHECK(claim(diagnose_text({"alert-received:no_application_protocol"}), "alpn-mismatch") == Confidence::likely);
}

TEST_CASE("an alert to a ClientHello that offers a session speaks of the session", "[diagnosis][resumption-broken]")
{
    const auto alert = GENERATE(AlertDescription::handshake_failure, AlertDescription::bad_record_mac,
                                AlertDescription::internal_error, AlertDescription::decrypt_error);
    const auto psk = with(tls13_hello(), Extension{ExtensionType::pre_shared_key, some_bytes(60)});
    CHECK(top(diagnose_wire(refused(hello_with_ticket(), alert))) == "resumption-broken");
    CHECK(top(diagnose_wire(refused(psk, alert))) == "resumption-broken");
}

TEST_CASE("an empty session_ticket offers no session", "[diagnosis][resumption-broken]")
{
    const auto hello = with(modern_hello(), session_ticket_extension({}));
    CHECK_FALSE(offers_session(hello));
    CHECK_FALSE(claim(diagnose_wire(refused(hello, AlertDescription::handshake_failure)), "resumption-broken"));
}

TEST_CASE("equal offers with unequal ends are unequal back ends", "[diagnosis][backend-differs]")
{
    const auto bad = refused(modern_hello(), AlertDescription::handshake_failure);
    const auto good = connected(modern_hello());
    CHECK(top(diagnose_beside(bad, {&good})) == "backend-differs");
    CHECK(claim(diagnose_beside(bad, {&good}), "backend-differs") == Confidence::likely);
    CHECK_FALSE(claim(diagnose_beside(bad, {}), "backend-differs"));
    CHECK_FALSE(claim(diagnose_beside(bad, {&bad}), "backend-differs"));
}

TEST_CASE("two certificates for one offer are certain to be of two back ends", "[diagnosis][backend-differs]")
{
    TemporaryDirectory directory;
    StateDirectory state{directory.path() / "state", now()};
    const auto with_chain = [&](std::string_view recipe) {
        auto maker = WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12);
        return maker.chain(forge_with(state, std::string(recipe)).certificates).reach(Phase::after_server_flight);
    };
    const auto bad = with_chain("expired").client_alert(AlertDescription::certificate_expired).wire();
    const auto good = with_chain("").reach(Phase::after_application_data).wire();
    const auto findings = diagnose_beside(bad, {&good});
    CHECK(claim(findings, "backend-differs") == Confidence::certain);
    CHECK(claim(findings, "certificate-expired") == Confidence::likely);
}

TEST_CASE("beside another connection that succeeded no cause of one connection is certain",
          "[diagnosis][backend-differs]")
{
    const auto bad = refused(hello_with_alpn(), AlertDescription::no_application_protocol);
    const auto good = connected(hello_with_alpn());
    const auto findings = diagnose_beside(bad, {&good});
    CHECK(top(findings) == "backend-differs");
    CHECK(claim(findings, "alpn-mismatch") == Confidence::likely);
}

TEST_CASE("another offer that succeeded says nothing of the back ends", "[diagnosis][backend-differs]")
{
    const auto bad = refused(hello_with_alpn(), AlertDescription::handshake_failure);
    const auto good = connected(modern_hello());
    CHECK_FALSE(claim(diagnose_beside(bad, {&good}), "backend-differs"));
}

TEST_CASE("an offer that succeeded without its session leaves the back ends possible", "[diagnosis][backend-differs]")
{
    const auto bad = refused(hello_with_ticket(), AlertDescription::handshake_failure);
    const auto good = connected(modern_hello());
    const auto findings = diagnose_beside(bad, {&good});
    CHECK(top(findings) == "resumption-broken");
    CHECK(claim(findings, "backend-differs") == Confidence::possible);
}

TEST_CASE("offers are the same whatever is new in each ClientHello", "[diagnosis][offer]")
{
    auto left = modern_hello();
    auto right = modern_hello();
    left.random.fill(1);
    left.cipher_suites.insert(left.cipher_suites.begin(), CipherSuite{0x0A0A});
    right.cipher_suites.insert(right.cipher_suites.begin(), CipherSuite{0xFAFA});
    std::swap(right.extensions.front(), right.extensions.back());
    CHECK(same_offer(left, right));
    CHECK_FALSE(same_offer(left, tls13_hello()));
    CHECK_FALSE(same_offer(left, hello_with_alpn()));
    CHECK_FALSE(same_offer(left, with(modern_hello(), server_name_extension("other.alert40.test"))));
    right.cipher_suites.pop_back();
    CHECK_FALSE(same_offer(left, right));
}

TEST_CASE("a name that the server does not have may be asked of the wrong server", "[diagnosis][wrong-server]")
{
    CHECK(claim(diagnose_wire(refused(modern_hello(), AlertDescription::unrecognized_name)), "wrong-server") ==
          Confidence::possible);
    CHECK_FALSE(claim(diagnose_wire(refused(modern_hello(), AlertDescription::handshake_failure)), "wrong-server"));
    auto nameless = without(modern_hello(), ExtensionType::server_name);
    CHECK_FALSE(claim(diagnose_wire(refused(nameless, AlertDescription::unrecognized_name)), "wrong-server"));
}

TEST_CASE("421 to a request on a connection without a name is about the name", "[diagnosis][sni-missing]")
{
    const auto hello = without(modern_hello(), ExtensionType::server_name);
    CHECK(top(diagnose_both(connected(hello), {"http-status:421"})) == "sni-missing");
    CHECK_FALSE(claim(diagnose_both(connected(modern_hello()), {"http-status:421"}), "sni-missing"));
}
