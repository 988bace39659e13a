// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/live.h"

#include "server/wire/client_hello_extensions.h"
#include "tests/probes/asked.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;

const Knowledge& shared_knowledge()
{
    static const auto knowledge = load_knowledge(test_source_dir());
    return knowledge;
}

/// The anchors of what the tests serve.
TrustStore own_trust()
{
    TrustStore trust;
    trust.anchors.push_back(parse_certificate(shared_state().root()));
    return trust;
}

LiveQuestion question_for(Asked& asked)
{
    LiveQuestion question;
    question.target = asked.target;
    question.hello = modern_hello(asked.target.server_name);
    question.trust = own_trust();
    question.subject.text = "the server";
    return question;
}

Diagnosis ask(Asked& asked, LiveQuestion question)
{
    Diagnosis diagnosis;
    asked.served.run([&]() -> asio::awaitable<void> {
        auto got = co_await diagnose_live(std::move(question), shared_knowledge());
        diagnosis = std::move(got);
    });
    return diagnosis;
}

std::string first_cause(const Diagnosis& diagnosis)
{
    return diagnosis.findings.empty() ? std::string("none") : diagnosis.findings.front().cause;
}

TEST_CASE("a sound server is called healthy", "[probes][live]")
{
    const auto version = GENERATE(as<std::string>(), R"("1.2")", R"("1.3")", R"("1.2", "1.3")");
    Asked asked("[server]\nversions = [" + version + "]\n");
    const auto diagnosis = ask(asked, question_for(asked));
    INFO(first_cause(diagnosis));
    CHECK(diagnosis.state == DiagnosisState::healthy);
    CHECK(diagnosis.findings.empty());
}

TEST_CASE("a certificate that the client does not take is found behind a negotiation that succeeds", "[probes][live]")
{
    const auto [recipe, cause] = GENERATE(table<std::string, std::string>(
        {{"expired", "certificate-expired"}, {"self-signed", "certificate-self-signed"}}));
    Asked asked("[server]\ncertificate = \"" + recipe + "\"\n");
    const auto diagnosis = ask(asked, question_for(asked));
    CHECK(diagnosis.state == DiagnosisState::cause_found);
    CHECK(first_cause(diagnosis) == cause);
    CHECK_FALSE(diagnosis.proof.empty());
    CHECK_THAT(diagnosis.verdict, Catch::StartsWith("negotiation succeeds, and the handshake does not"));
}

TEST_CASE("a server that cannot read a large ClientHello is found although a small one passes", "[probes][live]")
{
    Asked asked(
        with_fault(R"(at = "client:client_hello", do = "client-hello-size-limit", limit = 1448, then = "reset")"));
    const auto diagnosis = ask(asked, question_for(asked));
    CHECK(first_cause(diagnosis) == "large-client-hello-intolerance");
}

TEST_CASE("a name that was not sent is found by sending it", "[probes][live]")
{
    Asked asked("[server]\ncertificate = \"wrong-name\"\nhosts = [{ name = \"" + std::string(kServerName) +
                "\", certificate = \"leaf\" }]\nmissing_name = \"default-certificate\"\n");
    auto question = question_for(asked);
    remove_extension(question.hello.extensions, ExtensionType::server_name);
    question.target.server_name.reset();
    const auto diagnosis = ask(asked, std::move(question));
    CHECK(first_cause(diagnosis) == "sni-missing");
}

TEST_CASE("a message that breaks the protocol is found where the handshake goes on", "[probes][live]")
{
    Asked asked("[server]\nversions = [\"1.3\"]\ncertificate = \"leaf-rsa\"\n"
                "flight = [{ message = \"certificate_verify\", scheme = \"rsa_pkcs1_sha256\" }]\n");
    CHECK(first_cause(ask(asked, question_for(asked))) == "protocol-violation");
}

TEST_CASE("what a client that minds the protocol refuses is found, and is no healthy server", "[probes][live]")
{
    const auto server = GENERATE(as<std::string>(), R"(versions = ["1.2"]
flight = [{ message = "heartbeat", after = "server_hello" }])",
                                 R"(versions = ["1.3"]
flight = [{ message = "encrypted_extensions", extensions = [{ type = "max_fragment_length", body = "01" }] }])",
                                 R"(versions = ["1.3"]
flight = [{ message = "certificate_request", without_extensions = ["signature_algorithms"] }])",
                                 R"(versions = ["1.2"]
flight = [{ message = "server_key_exchange", group = "unoffered" }])");
    INFO(server);
    Asked asked("[server]\n" + server + "\n");
    CHECK(first_cause(ask(asked, question_for(asked))) == "protocol-violation");
}

TEST_CASE("two nodes behind one address are told apart by their certificates", "[probes][live]")
{
    Asked asked("[server]\nversions = [\"1.3\"]\nin_turn = [{}, { certificate = \"expired\" }]\n");
    CHECK(first_cause(ask(asked, question_for(asked))) == "backend-differs");
}

TEST_CASE("a PROXY header that helps is the proof that one is expected", "[probes][live]")
{
    const auto end = GENERATE(as<std::string>(), "close", "reset");
    Asked asked(with_fault(R"(at = "client:client_hello", do = "expect-proxy-header", ends = ")" + end + '"'));
    CHECK(first_cause(ask(asked, question_for(asked))) == "proxy-protocol-expected");
}

TEST_CASE("a suite with a shared key that is taken is a cipher mismatch", "[probes][live]")
{
    Asked asked("[server]\nversions = [\"1.2\"]\nciphers = [\"PSK-AES128-GCM-SHA256\"]\n"
                "flight = [{ message = \"server_hello\" }]\n");
    CHECK(first_cause(ask(asked, question_for(asked))) == "cipher-mismatch");
}

TEST_CASE("a DH group that the client refuses is told of a client that offers DHE", "[probes][live]")
{
    Asked asked("[server]\nversions = [\"1.2\"]\nciphers = [\"DHE-RSA-AES128-GCM-SHA256\"]\ncertificate = "
                "\"leaf-rsa\"\ndh_bits = 1024\n");
    auto question = question_for(asked);
    question.hello.cipher_suites.push_back(find_cipher_suite("DHE-RSA-AES128-GCM-SHA256")->value);
    question.library = "openssl";
    const auto diagnosis = ask(asked, std::move(question));
    CHECK(first_cause(diagnosis) == "weak-dh");
    CHECK_THAT(diagnosis.verdict, Catch::Contains("the client refuses what the server chooses"));
}

TEST_CASE("nginx's refusal by HTTP is found by its words", "[probes][live]")
{
    Asked asked("[server]\nclient_certificate = \"required\"\npersona = \"nginx\"\n");
    CHECK(first_cause(ask(asked, question_for(asked))) == "client-certificate-required");
}

TEST_CASE("a failure comes with its proof and its fix", "[probes][live]")
{
    Asked asked("[server]\nversions = [\"1.3\"]\ngroups = [\"x448\"]\n");
    const auto diagnosis = ask(asked, question_for(asked));
    CHECK(first_cause(diagnosis) == "group-mismatch");
    CHECK(diagnosis.findings.front().confidence == Confidence::certain);
    CHECK(diagnosis.proof.size() >= 2);
    CHECK_FALSE(diagnosis.fix.empty());
    CHECK(diagnosis.first_class == std::vector<std::string>{"group-mismatch"});
}

TEST_CASE("the connections are counted, and never more than allowed", "[probes][live]")
{
    Asked asked("[server]\nversions = [\"1.3\"]\ngroups = [\"x448\"]\n");
    auto question = question_for(asked);
    question.target.limits.max_connections = 4;
    const auto diagnosis = ask(asked, std::move(question));
    CHECK(diagnosis.state == DiagnosisState::cause_found);
    CHECK(asked.served.transcripts.size() <= 4);
}

TEST_CASE("a name that does not resolve is said, and is no cause", "[probes][live]")
{
    Asked asked("[server]\n");
    auto question = question_for(asked);
    question.target.hosts = {"nowhere.invalid"};
    const auto diagnosis = ask(asked, std::move(question));
    CHECK(diagnosis.state == DiagnosisState::undetermined);
    CHECK_THAT(diagnosis.verdict, Catch::StartsWith("nowhere.invalid does not resolve"));
}

TEST_CASE("repeated handshakes that are alike are said to be", "[probes][live]")
{
    Asked asked("[server]\n");
    auto question = question_for(asked);
    question.repeat = 3;
    const auto diagnosis = ask(asked, std::move(question));
    CHECK(diagnosis.state == DiagnosisState::healthy);
    CHECK(std::find(diagnosis.notes.begin(), diagnosis.notes.end(), "3 of 3 handshakes are alike") !=
          diagnosis.notes.end());
}

} // namespace
} // namespace alert40
