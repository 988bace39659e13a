// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/diagnosis/hidden_flight.h"
#include "client-checks/diagnosis/next_test.h"
#include "tests/diagnosis/evidence_maker.h"

#include <catch2/catch.hpp>

using namespace alert40;
using namespace alert40::test;

namespace {

IndistinguishableClass one_class(std::string evidence, std::initializer_list<std::string> causes, std::string separate)
{
    IndistinguishableClass made;
    made.evidence = std::move(evidence);
    for (const auto& cause : causes) made.causes.push_back({cause, {}});
    made.separate = std::move(separate);
    return made;
}

const std::vector<IndistinguishableClass> kClasses = {
    one_class("text", {"a", "b", "c"}, "separate a b c"),
    one_class("wire-and-text", {"a", "b"}, "separate a b"),
    one_class("wire", {"a", "d"}, "separate a d"),
};

CauseCatalogue pages()
{
    Cause page;
    page.id = "a";
    page.confirm = {{"confirm a", "...", ".", "", ""}, {"confirm a again", "...", ".", "", ""}};
    return {{"a", page}};
}

} // namespace

TEST_CASE("every rule names its own cause, and no cause has two", "[diagnosis][catalogue]")
{
    std::vector<std::string_view> causes;
    for (const auto& entry : all_rules()) {
        CHECK(std::find(causes.begin(), causes.end(), entry.cause) == causes.end());
        causes.push_back(entry.cause);
    }
    CHECK(causes.size() >= 24);
    for (const auto alert : {AlertDescription::handshake_failure, AlertDescription::protocol_version})
        for (const auto& entry : all_rules()) {
            const auto wire = WireMaker(tls12_hello()).server_alert(alert).wire();
            const auto finding = entry.rule(gather_evidence(&wire, {}, "", ""));
            if (finding) CHECK(finding->cause == entry.cause);
        }
}

TEST_CASE("without evidence, and without failure, nothing is found", "[diagnosis]")
{
    CHECK(diagnose(Evidence{}).empty());
    CHECK(diagnose_text({"connected"}).empty());
    const auto wire = WireMaker(modern_hello())
                          .server_hello(ProtocolVersion::tls12)
                          .reach(Phase::after_application_data)
                          .socket(SocketEventKind::server_fin)
                          .wire();
    CHECK(diagnose_wire(wire).empty());
    // A client that checks the name afterwards.
    CHECK(top(diagnose_both(wire, {"verify:name-mismatch"})) == "certificate-wrong-name");
}

TEST_CASE("an exchange of TLS 1.3 that nobody can read is not a failure", "[diagnosis]")
{
    const auto wire = WireMaker(modern_hello())
                          .server_hello(ProtocolVersion::tls13)
                          .hidden(Direction::server_to_client, 1200)
                          .hidden(Direction::client_to_server, 69)
                          .hidden(Direction::client_to_server, 120)
                          .hidden(Direction::server_to_client, 300)
                          .hidden(Direction::client_to_server, 19)
                          .socket(SocketEventKind::client_fin)
                          .wire();
    CHECK(looks_completed(wire));
    CHECK(diagnose_wire(wire).empty());
}

TEST_CASE("a session that was resumed shows no chain to refuse", "[diagnosis]")
{
    auto maker = WireMaker(tls12_hello()).server_hello(ProtocolVersion::tls12).reach(Phase::after_client_finished);
    CHECK(diagnose_wire(maker.socket(SocketEventKind::client_fin).wire()).empty());
}

TEST_CASE("a server's close_notify behind the client's FIN is politeness", "[diagnosis]")
{
    auto maker =
        WireMaker(modern_hello()).server_hello(ProtocolVersion::tls13).hidden(Direction::server_to_client, 1200);
    const auto findings =
        diagnose_wire(maker.socket(SocketEventKind::client_fin).hidden(Direction::server_to_client, 19).wire());
    CHECK(claim(findings, "certificate-wrong-name") == Confidence::possible);
    CHECK_FALSE(claim(findings, "signature-scheme-mismatch"));
}

TEST_CASE("findings come most confident first, and every one has its reasons", "[diagnosis]")
{
    const auto rsa = signature_algorithms_extension({SignatureScheme::rsa_pss_rsae_sha256});
    const auto findings =
        diagnose_both(WireMaker(with(modern_hello(), rsa)).server_alert(AlertDescription::handshake_failure).wire(),
                      {"alert-received:handshake_failure"});
    REQUIRE(findings.size() > 3);
    CHECK(std::is_sorted(findings.begin(), findings.end(),
                         [](const auto& a, const auto& b) { return a.confidence < b.confidence; }));
    for (const auto& finding : findings) CHECK_FALSE(finding.because.empty());
    CHECK(findings.front().because.front() == "the server sent handshake_failure (40) before the ServerHello");
    CHECK(findings.front().because.back() == "the client offers signature schemes for RSA keys only");
}

TEST_CASE("the first class holds what the evidence cannot separate", "[diagnosis][classes]")
{
    const std::vector<Finding> findings = {{"a", Confidence::likely, {}},
                                           {"b", Confidence::possible, {}},
                                           {"c", Confidence::possible, {}},
                                           {"d", Confidence::possible, {}}};
    using Causes = std::vector<std::string>;
    CHECK(first_class(findings, kClasses, true, true) == Causes{"a", "b"});
    CHECK(first_class(findings, kClasses, false, true) == Causes{"a", "b", "c"});
    CHECK(first_class(findings, kClasses, true, false) == Causes{"a", "b", "d"});
    CHECK(first_class({}, kClasses, true, true).empty());
}

TEST_CASE("equal confidence joins the first class, certainty leaves it", "[diagnosis][classes]")
{
    const std::vector<Finding> equal = {{"a", Confidence::possible, {}}, {"x", Confidence::possible, {}}};
    CHECK(first_class(equal, kClasses, true, true).size() == 2);
    const std::vector<Finding> sure = {{"a", Confidence::certain, {}}, {"b", Confidence::possible, {}}};
    CHECK(first_class(sure, kClasses, true, true).size() == 1);
    CHECK_FALSE(falsely_certain(sure, "a"));
    CHECK(falsely_certain(sure, "b"));
    CHECK_FALSE(falsely_certain(equal, "z"));
}

TEST_CASE("the next test separates the class, or else confirms the cause", "[diagnosis][next-test]")
{
    const std::vector<Finding> several = {
        {"a", Confidence::likely, {}}, {"b", Confidence::possible, {}}, {"c", Confidence::possible, {}}};
    CHECK(next_test(several, kClasses, pages()) == "separate a b");
    CHECK(next_test(several, kClasses, pages(), false, true) == "separate a b c");
    CHECK(next_test({{"a", Confidence::likely, {}}}, kClasses, pages()) == "confirm a");
    CHECK(next_test({{"z", Confidence::likely, {}}}, kClasses, pages()).empty());
    CHECK(next_test({}, kClasses, pages()).empty());
}
