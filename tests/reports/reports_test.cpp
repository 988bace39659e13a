// SPDX-License-Identifier: GPL-2.0-or-later
// Every report of one made matrix, against tests/data/approved/report.<format>.txt. ALERT40_APPROVE=1 writes these
// files anew: look at the difference before it is committed.
#include "client-checks/reports/report.h"

#include "tests/diagnosis/evidence_maker.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

using namespace test;

const std::filesystem::path kApproved = test_source_dir() / "tests" / "data" / "approved";

Scenario scenario(std::string id, std::string cause)
{
    Scenario made;
    made.id = std::move(id);
    made.title = "What a <report> says & \"quotes\"";
    made.cause.value = std::move(cause);
    return made;
}

RosterEntry client(std::string name, std::string library, std::string version, std::string absent = "")
{
    RosterEntry entry;
    entry.definition.name = std::move(name);
    entry.definition.library = std::move(library);
    entry.version = std::move(version);
    entry.absent = std::move(absent);
    return entry;
}

Expected refusal()
{
    Expected expected;
    expected.ends = Ending::server_alert;
    expected.alert = AlertDescription::handshake_failure;
    expected.phase = Phase::before_server_hello;
    expected.symptom = Symptom::received(AlertDescription::handshake_failure);
    expected.where = {std::make_shared<const std::string>("scenarios/cipher/made.toml"), 23, 1};
    return expected;
}

Observation observed(const Transcript& wire, std::string_view symptom, std::string says, int exit_code)
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

Observation connected()
{
    const auto wire = WireMaker(modern_hello())
                          .server_hello(ProtocolVersion::tls12)
                          .reach(Phase::after_application_data)
                          .socket(SocketEventKind::client_fin)
                          .wire();
    return observed(wire, "connected", "", 0);
}

CellResult cell(std::string client, Verdict verdict)
{
    CellResult made;
    made.client = std::move(client);
    made.verdict = verdict;
    made.expected = refusal();
    made.wall = std::chrono::milliseconds(1234);
    return made;
}

CellResult passing(std::string client)
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

CellResult failing(std::string client, std::string says)
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
MatrixResult made_matrix(const std::string& says = "curl: (35) <unexpected> eof & more")
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

std::string written(const ReportFormat& format, const MatrixResult& result, const ReportOptions& options = {})
{
    std::ostringstream out;
    format.write(result, options, out);
    return out.str();
}

TEST_CASE("every report is as it was approved", "[reports][approved]")
{
    for (const auto& format : all_reports()) {
        const auto file = kApproved / ("report." + std::string(format.name) + ".txt");
        const auto now_written = written(format, made_matrix());
        if (std::getenv("ALERT40_APPROVE") != nullptr) write_text(file, now_written);
        INFO(file.string() << " differs; ALERT40_APPROVE=1 writes it anew");
        CHECK(now_written == read_text(file));
    }
}

TEST_CASE("a report is found by its name, and nothing by another", "[reports]")
{
    for (const auto& format : all_reports()) CHECK(find_report(format.name) == &format);
    CHECK(find_report("xml") == nullptr);
    CHECK(find_report("") == nullptr);
}

/// What a client can print: control characters, escape sequences, octets that are no UTF-8, the ends of CDATA.
std::string hostile()
{
    std::string text = "\x1b[31mred\x1b[0m \xFF\xFE \xC3( \xE2\x82 ]]> <!-- & \" ' \t\r\n";
    for (char letter = 0; letter < 0x20; ++letter) text += letter;
    return text + '\x7F';
}

/// In every text of the result, those included that no client can reach.
MatrixResult hostile_matrix()
{
    auto result = made_matrix(hostile());
    for (auto& row : result.rows)
        for (auto& cell : row.cells) {
            cell.why.push_back(hostile());
            cell.next_test = hostile();
            if (cell.faulty) cell.faulty->argv.push_back(hostile());
            if (cell.faulty) cell.faulty->child.errors = hostile();
        }
    return result;
}

TEST_CASE("JSON stays JSON whatever a client prints", "[reports][json]")
{
    const auto text = written(*find_report("json"), hostile_matrix());
    const auto report = nlohmann::json::parse(text);
    CHECK(report["schema"] == 1);
    const auto& cell = report["scenarios"][1]["cells"][0];
    CHECK(cell["client_says"].get<std::string>().starts_with("\x1b[31mred\x1b[0m \xEF\xBF\xBD")); // U+FFFD
    CHECK(report["scenarios"].size() == 3);
}

TEST_CASE("the keys that DESIGN promises stand in every cell that ran", "[reports][json]")
{
    const auto report = nlohmann::json::parse(written(*find_report("json"), made_matrix()));
    const auto& cell = report["scenarios"][0]["cells"][0];
    for (const auto* key :
         {"client", "client_version", "library", "verdict", "why", "ends", "alert", "alert_by", "phase", "symptom",
          "client_says", "exit_code", "diagnosis", "diagnosis_from_client_only", "fix", "ms"})
        CHECK(cell.contains(key));
    CHECK(cell["ends"] == "server-alert");
    CHECK(cell["alert_by"] == "server");
    CHECK(cell["fix"] == "connected");
}

TEST_CASE("JUnit stays XML whatever a client prints", "[reports][junit]")
{
    const auto text = written(*find_report("junit"), hostile_matrix());
    for (const char letter : text) { // XML 1.0, section 2.2: no other control characters; and ASCII alone is UTF-8
        const auto octet = static_cast<unsigned char>(letter);
        if ((octet < 0x20 && letter != '\n' && letter != '\t') || octet >= 0x80)
            FAIL("octet " << static_cast<int>(octet));
    }
    if (!has_program("xmllint")) return; // libxml2-utils
    const TemporaryDirectory directory;
    for (const auto& [name, report] :
         {std::pair("hostile.xml", text), std::pair("made.xml", written(*find_report("junit"), made_matrix()))}) {
        write_text(directory.path() / name, report);
        const auto checked = run_program("xmllint --noout " + (directory.path() / name).string(), directory.path());
        INFO(checked.output);
        CHECK(checked.status == 0);
    }
}

TEST_CASE("the terminal gets colours where they are wanted, and a client's escape sequences never",
          "[reports][terminal]")
{
    const auto& terminal = *find_report("terminal");
    CHECK_THAT(written(terminal, made_matrix(), {true}), Catch::Matchers::Contains("\x1b[32m"));
    auto result = made_matrix(hostile());
    result.rows.back().cells.front().faulty->child.errors = hostile();
    for (const char letter : written(terminal, result))
        if ((static_cast<unsigned char>(letter) < 0x20 && letter != '\n') || letter == 0x7F)
            FAIL("octet " << static_cast<int>(letter));
}

} // namespace
} // namespace alert40
