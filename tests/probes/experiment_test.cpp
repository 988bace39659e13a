// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/experiment.h"

#include "client-checks/probes/reading.h"
#include "tests/probes/asked.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;

ExperimentReading reading_of(const Experiments& made)
{
    return read_experiments(made, diagnose(gather_evidence(&made.first().transcript, {}, {}, {})));
}

struct Row {
    std::string server;
    std::vector<HelloChange> client;
    std::string cause;
    std::string proof;
};

void check(const Row& row)
{
    INFO(row.server);
    Asked asked("[server]\n" + row.server + "\n");
    const auto made = asked.experiment_with(with(asked.usual(), row.client));
    const auto reading = reading_of(made);
    REQUIRE_FALSE(reading.findings.empty());
    INFO(reading.findings.front().cause);
    for (const auto& line : reading.proof) UNSCOPED_INFO(line);
    CHECK(reading.findings.front().cause == row.cause);
    const auto shows = [&](const std::string& line) { return line.find(row.proof) != std::string::npos; };
    CHECK(std::any_of(reading.proof.begin(), reading.proof.end(), shows));
    CHECK(asked.gate->used() <= 60);
}

TEST_CASE("the smallest change that helps names the cause", "[probes][experiment]")
{
    const auto only12 = remove_version(ProtocolVersion::tls13);
    const auto only13 = remove_version(ProtocolVersion::tls12);
    check({R"(versions = ["1.3"])", {only12}, "version-mismatch", "the same with TLS 1.3 added: ServerHello (TLS 1.3"});
    check({R"(versions = ["1.2"])", {only13}, "version-mismatch", "the same with TLS 1.2 added: ServerHello (TLS 1.2"});
    check(
        {"versions = [\"1.2\"]\nciphers = [\"DHE-RSA-AES128-GCM-SHA256\"]\ncertificate = \"leaf-rsa\"\ndh_bits = 2048",
         {},
         "cipher-mismatch",
         "the same with TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 added: ServerHello"});
    check({"versions = [\"1.3\"]\nciphers = [\"TLS_AES_128_CCM_SHA256\"]",
           {},
           "cipher-mismatch",
           "the same with TLS_AES_128_CCM_SHA256 added: ServerHello"});
    check({"versions = [\"1.3\"]\ngroups = [\"x448\"]", {}, "group-mismatch", "the same with x448 added: ServerHello"});
    check({"versions = [\"1.2\"]\ngroups = [\"secp521r1\"]",
           {},
           "group-mismatch",
           "the same with secp521r1 added: ServerHello"});
}

TEST_CASE("a suite that helps and leads to a short DH group is told with the group", "[probes][experiment]")
{
    const auto [bits, weak] = GENERATE(table<std::string, bool>({{"1024", true}, {"2048", false}}));
    Asked asked("[server]\nversions = [\"1.2\"]\nciphers = [\"DHE-RSA-AES128-GCM-SHA256\"]\ncertificate = "
                "\"leaf-rsa\"\ndh_bits = " +
                bits + "\n");
    const auto findings = reading_of(asked.experiment_with(asked.usual())).findings;
    REQUIRE(findings.size() == (weak ? 2 : 1));
    CHECK(findings.front().cause == "cipher-mismatch");
    if (!weak) return;
    CHECK(findings.back().cause == "weak-dh");
    CHECK(findings.back().because.front() == "what the server chooses then is a DH group of 1024 bits");
}

TEST_CASE("both sides of the proof are repeated", "[probes][experiment]")
{
    Asked asked("[server]\nversions = [\"1.3\"]\ngroups = [\"x448\"]\n");
    const auto made = asked.experiment_with(asked.usual());
    CHECK(made.as_sent.size() == 2);
    REQUIRE_FALSE(made.remedies.empty());
    CHECK(made.remedies.front().answers.size() == 2);
    CHECK(made.always_fails());
    CHECK(made.remedies.front().every_time());
    CHECK(tally(made.as_sent) == "handshake_failure (40), 2 of 2 times");
}

TEST_CASE("where nothing helps the cause is found by elimination", "[probes][experiment]")
{
    check({R"(certificate = "none")", {}, "server-certificate-missing", "nothing helped"});
    check({R"(faults = [{ at = "client:client_hello", do = "alert", description = "handshake_failure" }])",
           {},
           "middlebox-injected-alert",
           "a version that does not exist: handshake_failure (40)"});
    check({R"(faults = [{ at = "client:client_hello", do = "reset" }])", {}, "middlebox-reset", "nothing helped"});
    check({R"(faults = [{ at = "client:client_hello", do = "close" }])", {}, "middlebox-close", "nothing helped"});
}

TEST_CASE("a server without a certificate is told from one without the version", "[probes][experiment]")
{
    const auto only13 = remove_version(ProtocolVersion::tls12);
    check({R"(certificate = "none")",
           {only13},
           "server-certificate-missing",
           "the same with TLS 1.2 added: handshake_failure (40)"});
}

TEST_CASE("a suite that hardly anybody has helps as well", "[probes][experiment]")
{
    check({"versions = [\"1.2\"]\ncertificate = \"leaf-rsa\"\nciphers = [\"EXP-RC4-MD5\"]\n"
           "flight = [{ message = \"server_hello\" }]",
           {},
           "cipher-mismatch",
           "ServerHello"});
}

TEST_CASE("an alert in clear behind the ServerHello was put in", "[probes][experiment]")
{
    check({"versions = [\"1.2\"]\nfaults = [{ at = \"server:certificate\", do = \"alert\", description = "
           "\"handshake_failure\" }]",
           {},
           "middlebox-injected-alert",
           "nothing helped"});
}

TEST_CASE("a box that stumbles is told from a server that lacks something", "[probes][experiment]")
{
    check({R"(faults = [{ at = "client:client_hello", do = "refuse-version", version = "1.3", then = "reset" }])",
           {},
           "version-intolerance",
           "the same without TLS 1.3: ServerHello"});
    check({R"(faults = [{ at = "client:client_hello", do = "refuse-session-id", then = "reset" }])",
           {},
           "version-intolerance",
           "the same with an empty session id: ServerHello"});
}

TEST_CASE("a name that alone is refused is filtered; a server without it refuses every other", "[probes][experiment]")
{
    check(
        {R"(faults = [{ at = "client:client_hello", do = "sni-filter", names = ["one.test.localhost"], then = "reset" }])",
         {},
         "middlebox-reset",
         "the same with alert40-probe.invalid in SNI: ServerHello"});
}

} // namespace
} // namespace alert40
