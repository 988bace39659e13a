// SPDX-License-Identifier: GPL-2.0-or-later
// Whole handshakes against listeners of our own engine, and what they are judged to say.
#include "client-checks/probes/handshake_findings.h"
#include "client-checks/probes/preparation.h"
#include "tests/engine/served.h"
#include "tests/probes/played.h"

#include <catch2/catch.hpp>

namespace alert40::test {
namespace {

TrustStore our_trust()
{
    TrustStore store;
    store.source = "root.pem";
    store.anchors.push_back(parse_certificate(shared_state().root()));
    return store;
}

/// A scenario that is served, and handshakes with it.
struct Live {
    explicit Live(const std::string& sections) : served(sections) { limits.least_gap = 0ms; }

    HandshakePlan plan()
    {
        HandshakePlan plan;
        plan.offer.hello = usual_hello(std::string(kServerName));
        if (!suites.empty()) plan.offer.hello.cipher_suites = suites;
        plan.offer.identity = identity;
        plan.host = kServerName;
        plan.protocol = target.starttls;
        return plan;
    }
    asio::awaitable<Opened> open()
    {
        if (!gate) gate.emplace(served.io.get_executor(), limits);
        Peer peer = co_await served.connect(); // counts the connection
        Opened opened;
        opened.end = ConnectEnd::connected;
        auto pass = co_await gate->enter();
        opened.connection = std::make_unique<ProbeConnection>(std::move(peer.socket), *std::move(pass), 100us);
        opened.why = co_await prepare(*opened.connection, target, 2000ms);
        co_return opened;
    }
    /// One handshake.
    Handshake handshake()
    {
        Handshake result;
        served.run([&]() -> asio::awaitable<void> {
            Opened opened = co_await open();
            refusal = opened.why;
            if (refusal.empty()) result = co_await play_handshake(*opened.connection, plan());
        });
        return result;
    }
    HandshakeJudgement judge(const Handshake& handshake)
    {
        const auto trust = our_trust();
        return judge_handshake(handshake, {trust, std::string(kServerName), now(), identity ? &*identity : nullptr});
    }

    Served served;
    LiveTarget target;
    ProbeLimits limits;
    std::optional<ConnectionGate> gate;
    std::optional<ClientIdentity> identity;
    std::vector<CipherSuite> suites; // empty: the usual ones
    std::string refusal;
};

ClientIdentity client_identity(const std::string& defect = "")
{
    const Chain chain = forge_named(defect, KeyType::ec_p256, CertificatePurpose::client);
    return {chain.certificates, chain.key};
}

std::string causes(const HandshakeJudgement& judgement)
{
    std::string all;
    for (const auto& each : judgement.findings) all += (all.empty() ? "" : " ") + each.cause;
    return all;
}

std::string first_cause(const HandshakeJudgement& judgement)
{
    return judgement.findings.empty() ? "" : judgement.findings.front().cause;
}

} // namespace

TEST_CASE("a healthy server is answered, decrypted, and called healthy", "[probes][handshake]")
{
    const std::string version = GENERATE("1.2", "1.3");
    Live live("[server]\nversions = [\"" + version + "\"]\n");
    const auto handshake = live.handshake();
    CHECK(handshake.failure == "");
    REQUIRE(handshake.end == HandshakeEnd::answered);
    CHECK(handshake.succeeded());
    CHECK(handshake.reply.status == 200);
    CHECK(handshake.transcript.server_chain.size() == 2);
    CHECK(handshake.transcript.phase == Phase::after_application_data);
    CHECK(std::holds_alternative<Completed>(outcome_of(handshake.transcript).how));
    const auto judgement = live.judge(handshake);
    CHECK(causes(judgement) == "");
    CHECK(judgement.healthy());
}

TEST_CASE("a certificate's fault comes first, with its facts", "[probes][handshake]")
{
    struct Row {
        const char* recipe;
        const char* cause;
    };
    const auto row = GENERATE(values<Row>({{"expired", "certificate-expired"},
                                           {"self-signed", "certificate-self-signed"},
                                           {"wrong-name", "certificate-wrong-name"},
                                           {"incomplete-chain", "certificate-chain-incomplete"},
                                           {"untrusted-root", "certificate-untrusted-root"},
                                           {"wrong-eku", "certificate-wrong-usage"},
                                           {"mismatched-key", "server-key-mismatch"}}));
    const std::string version = GENERATE("1.2", "1.3");
    CAPTURE(row.recipe, version);
    Live live("[server]\nversions = [\"" + version + "\"]\ncertificate = \"" + row.recipe + "\"\n");
    const auto handshake = live.handshake();
    const auto judgement = live.judge(handshake);
    REQUIRE(first_cause(judgement) == row.cause);
    CHECK_FALSE(judgement.findings.front().because.empty());
}

TEST_CASE("a server that wants a client certificate says so when it gets none", "[probes][handshake]")
{
    const std::string version = GENERATE("1.2", "1.3");
    Live live("[server]\nversions = [\"" + version + "\"]\nclient_certificate = \"required\"\n");
    const auto handshake = live.handshake();
    CHECK(handshake.end == HandshakeEnd::alert);
    const auto judgement = live.judge(handshake);
    CHECK(judgement.client_certificate_requested);
    CHECK(judgement.client_certificate_wanting);
    CHECK(first_cause(judgement) == "client-certificate-required");
}

TEST_CASE("with the certificate given, mutual TLS is healthy", "[probes][handshake]")
{
    const std::string version = GENERATE("1.2", "1.3");
    Live live("[server]\nversions = [\"" + version + "\"]\nclient_certificate = \"required\"\n");
    live.identity = client_identity();
    const auto handshake = live.handshake();
    CHECK(handshake.sent_certificate);
    CHECK(handshake.end == HandshakeEnd::answered);
    CHECK(causes(live.judge(handshake)) == "");
}

TEST_CASE("a client certificate's own fault is told", "[probes][handshake]")
{
    struct Row {
        const char* defect;
        const char* cause;
    };
    const auto row = GENERATE(values<Row>({{"expired", "client-certificate-expired"},
                                           {"not-yet-valid", "client-certificate-not-yet-valid"},
                                           {"wrong-eku", "client-certificate-wrong-usage"},
                                           {"untrusted-root", "client-certificate-untrusted"},
                                           {"mismatched-key", "client-certificate-key-mismatch"}}));
    const std::string version = GENERATE("1.2", "1.3");
    CAPTURE(row.defect, version);
    Live live("[server]\nversions = [\"" + version + "\"]\nclient_certificate = \"required\"\n");
    live.identity = client_identity(row.defect);
    const auto handshake = live.handshake();
    CAPTURE(name(handshake.end));
    REQUIRE_FALSE(handshake.succeeded());
    CHECK(first_cause(live.judge(handshake)) == row.cause);
}

TEST_CASE("a server's refusal of the ClientHello is the rules' business", "[probes][handshake]")
{
    Live live("[server]\nversions = [\"1.2\"]\nciphers = [\"ECDHE-ECDSA-AES256-GCM-SHA384\"]\n");
    live.suites = {CipherSuite{0xC02B}};
    const auto handshake = live.handshake();
    CHECK(handshake.end == HandshakeEnd::alert);
    REQUIRE(handshake.alert);
    CHECK_FALSE(handshake.established);
    CHECK_THAT(causes(live.judge(handshake)), Catch::Contains("cipher-mismatch"));
}

TEST_CASE("a silent server ends at the deadline", "[probes][handshake]")
{
    Live live(with_fault("at = \"client:client_hello\", do = \"stall\""));
    Handshake handshake;
    live.served.run([&]() -> asio::awaitable<void> {
        Opened opened = co_await live.open();
        auto plan = live.plan();
        plan.deadline = 150ms;
        handshake = co_await play_handshake(*opened.connection, std::move(plan));
    });
    CHECK(handshake.end == HandshakeEnd::silent);
    CHECK(handshake.took < 1500ms);
}

TEST_CASE("behind STARTTLS the handshake is the same, and the words before it are in the transcript",
          "[probes][handshake]")
{
    Live live("[server]\nstarttls = \"smtp\"\n");
    live.target.starttls = Starttls::smtp;
    const auto handshake = live.handshake();
    CHECK(live.refusal == "");
    CHECK(handshake.end == HandshakeEnd::answered);
    CHECK(std::holds_alternative<PlainText>(handshake.transcript.events.front()));
    CHECK(causes(live.judge(handshake)) == "");
}

TEST_CASE("sessions are taken up again, and that is a note", "[probes][resumption]")
{
    const std::string version = GENERATE("1.2", "1.3");
    Live live("[server]\nversions = [\"" + version + "\"]\ntickets = { issued = true }\n");
    ResumptionReport report;
    live.served.run([&]() -> asio::awaitable<void> {
        Opened opened = co_await live.open();
        const Handshake first = co_await play_handshake(*opened.connection, live.plan());
        opened.connection.reset();
        auto open = [&]() -> asio::awaitable<Opened> { return live.open(); };
        std::vector<ResumptionPlace> places;
        places.push_back({"one:443", open});
        report = co_await try_resumption(first, live.plan(), std::move(places));
    });
    REQUIRE(report.offered);
    REQUIRE(report.attempts.size() == 2);
    CHECK(report.attempts[0].result == Resumption::Result::resumed);
    CHECK(report.attempts[1].result == Resumption::Result::resumed);
    CHECK_FALSE(judge_resumption(report));
    CHECK_THAT(notes_of(report).front(), Catch::StartsWith("sessions are taken up again"));
}

} // namespace alert40::test
