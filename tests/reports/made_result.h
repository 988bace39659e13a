// SPDX-License-Identifier: GPL-2.0-or-later
// A small made matrix with everything in it, and its result.
#pragma once

#include "client-checks/reports/report.h"
#include "tests/diagnosis/evidence_maker.h"

#include <sstream>

namespace alert40::test {

inline Scenario scenario(std::string id, std::string cause)
{
    Scenario made;
    made.id = std::move(id);
    made.title = "What a <report> says & \"quotes\"";
    made.cause.value = std::move(cause);
    made.where.file = std::make_shared<const std::string>("/data/scenarios/" + made.id + ".toml");
    made.lesson = "What it teaches";
    return made;
}

inline RosterEntry client(std::string name, std::string library, std::string version, std::string absent = "")
{
    RosterEntry entry;
    entry.definition.name = std::move(name);
    entry.definition.library = std::move(library);
    entry.version = std::move(version);
    entry.absent = std::move(absent);
    return entry;
}

inline Expected refusal()
{
    Expected expected;
    expected.ends = Ending::server_alert;
    expected.alert = AlertDescription::handshake_failure;
    expected.phase = Phase::before_server_hello;
    expected.symptom = Symptom::received(AlertDescription::handshake_failure);
    expected.where = {std::make_shared<const std::string>("/data/scenarios/cipher/made.toml"), 23, 1};
    return expected;
}

inline Observation observed(const Transcript& wire, std::string_view symptom, std::string says, int exit_code)
{
    Observation seen;
    seen.argv = {"curl", "-sS", "https://made.test:4433/"};
    seen.environment = {{"CURL_HOME", "/run"}};
    seen.connections = {wire};
    seen.symptoms = symptoms({symptom});
    seen.says = std::move(says);
    seen.child.exit_code = exit_code;
    return seen;
}

inline Observation connected()
{
    const auto wire = WireMaker(modern_hello())
                          .server_hello(ProtocolVersion::tls12)
                          .reach(Phase::after_application_data)
                          .socket(SocketEventKind::client_fin)
                          .wire();
    return observed(wire, "connected", "", 0);
}

inline CellResult cell(std::string client, Verdict verdict)
{
    CellResult made;
    made.client = std::move(client);
    made.verdict = verdict;
    made.expected = refusal();
    made.wall = std::chrono::milliseconds(1234);
    return made;
}

inline CellResult passing(std::string client)
{
    auto made = cell(std::move(client), Verdict::pass);
    made.faulty = observed(WireMaker(modern_hello()).server_alert(AlertDescription::handshake_failure).wire(),
                           "alert-received:handshake_failure", "SSL alert number 40", 35);
    made.fixed = connected();
    made.findings = {{"cipher-mismatch", Confidence::likely, {"the client offers one suite"}},
                     {"group-mismatch", Confidence::possible, {}}};
    made.first_class = {"cipher-mismatch", "group-mismatch"};
    made.from_client_only = {"cipher-mismatch"};
    made.next_test = "openssl s_client -connect {host}:{port}";
    return made;
}

inline CellResult failing(std::string client, std::string says)
{
    auto made = cell(std::move(client), Verdict::fail);
    made.faulty =
        observed(WireMaker(modern_hello()).socket(SocketEventKind::server_fin).wire(), "closed", std::move(says), 1);
    made.faulty->connections.push_back(WireMaker(modern_hello()).socket(SocketEventKind::client_reset).wire());
    made.why = {"on the wire: expected an alert, seen none", "diagnosed as <nothing>"};
    made.because = {"it retries"};
    made.findings = {{"middlebox-close", Confidence::possible, {}}};
    made.first_class = {"middlebox-close"};
    return made;
}

/// Every verdict, an absent client, a client that accepts, one that never connected, two skips with one reason.
inline MatrixResult made_matrix(const std::string& says = "curl: (35) <unexpected> eof & more")
{
    MatrixResult result;
    result.wall = std::chrono::milliseconds(5678);
    result.clients = {client("curl", "openssl", "7.88.1"), client("builtin", "wolfssl", "5.5.4"),
                      client("gnutls-cli", "gnutls", "", "gnutls-cli is not installed")};
    auto skipped = cell("gnutls-cli", Verdict::skip);
    skipped.why = {"gnutls-cli is not installed"};
    auto accepts = passing("builtin");
    accepts.accepts = true;
    accepts.because = {"wolfssl accepts it"};
    auto broken = cell("builtin", Verdict::error);
    broken.why = {"cannot start builtin: Permission denied"};
    auto silent = failing("curl", "");
    silent.faulty->connections.clear();
    silent.faulty->symptoms.clear();
    silent.faulty->child.errors = "a\x1b[31m red\nword";
    result.rows.push_back({scenario("cipher/made", "cipher-mismatch"), {passing("curl"), accepts, skipped}});
    result.rows.push_back(
        {scenario("certificate/made", "certificate-expired"), {failing("curl", says), broken, skipped}});
    result.rows.push_back({scenario("sni/made", "sni-missing"), {silent, passing("builtin"), skipped}});
    return result;
}

inline RunResult made_result(const std::string& says = "curl: (35) <unexpected> eof & more")
{
    auto result = summarise(made_matrix(says), "/data");
    result.started = "2026-11-21T10:47:32Z";
    result.asked = {{{}, {}, false}};
    return result;
}

inline std::string written(const ReportFormat& format, const RunResult& result, const ReportOptions& options = {})
{
    std::ostringstream out;
    format.write(result, options, out);
    return out.str();
}

} // namespace alert40::test
