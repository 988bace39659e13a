// SPDX-License-Identifier: GPL-2.0-or-later
// Every report of one made matrix, against tests/data/approved/report.<format>.txt. ALERT40_APPROVE=1 writes these
// files anew: look at the difference before it is committed.
#include "client-checks/reports/report.h"

#include "tests/reports/made_result.h"
#include "tests/source_dir.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

using namespace test;

const std::filesystem::path kApproved = test_source_dir() / "tests" / "data" / "approved";

/// Of the page only the data: the rest is looked at by eye.
std::string what_is_approved(const ReportFormat& format, const RunResult& result)
{
    const auto text = written(format, result);
    if (format.name != "html") return text;
    const auto begin = text.find("id=\"data\">") + 10;
    return text.substr(begin, text.find("</script>", begin) - begin) + "\n";
}

TEST_CASE("every report is as it was approved", "[reports][approved]")
{
    for (const auto& format : all_reports()) {
        const auto file = kApproved / ("report." + std::string(format.name) + ".txt");
        const auto now_written = what_is_approved(format, made_result());
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
RunResult hostile_result()
{
    auto result = made_matrix(hostile());
    for (auto& row : result.rows)
        for (auto& cell : row.cells) {
            cell.why.push_back(hostile());
            cell.next_test = hostile();
            if (cell.faulty) cell.faulty->argv.push_back(hostile());
            if (cell.faulty) cell.faulty->child.errors = hostile();
        }
    for (auto& client : result.clients) client.version = hostile();
    return summarise(result, "/data");
}

TEST_CASE("JSON stays JSON whatever a client prints", "[reports][json]")
{
    const auto text = written(*find_report("json"), hostile_result());
    const auto report = nlohmann::json::parse(text);
    CHECK(report["schema"] == 2);
    const auto& cell = report["scenarios"][1]["cells"][0];
    CHECK(cell["client_says"].get<std::string>().starts_with("\x1b[31mred\x1b[0m \xEF\xBF\xBD")); // U+FFFD
    CHECK(report["scenarios"].size() == 3);
}

TEST_CASE("the keys that DESIGN promises stand in every cell that ran", "[reports][json]")
{
    const auto report = nlohmann::json::parse(written(*find_report("json"), made_result()));
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
    const auto text = written(*find_report("junit"), hostile_result());
    for (const char letter : text) { // XML 1.0, section 2.2: no other control characters; and ASCII alone is UTF-8
        const auto octet = static_cast<unsigned char>(letter);
        if ((octet < 0x20 && letter != '\n' && letter != '\t') || octet >= 0x80)
            FAIL("octet " << static_cast<int>(octet));
    }
    if (!has_program("xmllint")) return; // libxml2-utils
    const TemporaryDirectory directory;
    for (const auto& [name, report] :
         {std::pair("hostile.xml", text), std::pair("made.xml", written(*find_report("junit"), made_result()))}) {
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
    CHECK_THAT(written(terminal, made_result(), {true}), Catch::Matchers::Contains("\x1b[32m"));
    for (const char letter : written(terminal, hostile_result()))
        if ((static_cast<unsigned char>(letter) < 0x20 && letter != '\n') || letter == 0x7F)
            FAIL("octet " << static_cast<int>(letter));
}

TEST_CASE("the matrix of many clients is cut into tables that fit a terminal, each client in one",
          "[reports][terminal]")
{
    RunResult result = made_result();
    const ResultClient one = result.clients.front();
    result.clients.clear();
    constexpr int kClients = 40;
    for (int number = 0; number < kClients; ++number) {
        result.clients.push_back(one);
        result.clients.back().name = fmt::format("client-number-{}", number);
    }
    const std::string text = written(*find_report("terminal"), result);
    const std::string matrix = text.substr(0, text.find("< from the server"));
    std::istringstream lines(matrix);
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 160);
    for (const auto& client : result.clients) {
        const auto at = matrix.find(client.name + " ");
        REQUIRE(at != std::string::npos);
        CHECK(matrix.find(client.name + " ", at + 1) == std::string::npos);
    }
}

TEST_CASE("TAP has a point for each cell, whatever a client prints", "[reports][tap]")
{
    const auto result = hostile_result();
    std::istringstream lines(written(*find_report("tap"), result));
    std::size_t points = 0;
    bool in_block = false;
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        if (line == "  ---" || line == "  ...") {
            in_block = line == "  ---";
            continue;
        }
        if (in_block) { // "key: JSON text", or one plain word
            const auto colon = line.find(": ");
            REQUIRE(colon != std::string::npos);
            if (line[colon + 2] == '"') CHECK_NOTHROW(nlohmann::json::parse(line.substr(colon + 2)));
            continue;
        }
        const auto number = fmt::format("ok {} - ", points + 1);
        if (line.starts_with(number) || line.starts_with("not " + number))
            ++points;
        else
            CHECK((line == "TAP version 14" || line == "1..9"));
    }
    CHECK(points == tally(result).total());
}

TEST_CASE("TAP escapes what would be a directive", "[reports][tap]")
{
    auto result = made_result();
    result.scenarios[0].cells[2].why = {"no # TODO \\ here"};
    CHECK_THAT(written(*find_report("tap"), result), Catch::Matchers::Contains("# SKIP no \\# TODO \\\\ here\n"));
}

TEST_CASE("a GitHub command is one line, and the client's text cannot end or begin one", "[reports][github]")
{
    std::istringstream lines(written(*find_report("github"), hostile_result()));
    std::size_t errors = 0;
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK((line.starts_with("::error ") || line.starts_with("::notice ")));
        errors += line.starts_with("::error ") ? 1 : 0;
        for (const char letter : line) CHECK((static_cast<unsigned char>(letter) >= 0x20 && letter != 0x7F));
    }
    CHECK(errors == 2);
    auto result = made_result();
    result.scenarios[1].name = "a:b,c%";
    CHECK_THAT(written(*find_report("github"), result),
               Catch::Matchers::Contains("::error file=scenarios/cipher/made.toml,line=23,title=a%3Ab%2Cc%25::"));
}

TEST_CASE("a page ends its data where it should, whatever a client prints", "[reports][html]")
{
    const auto page = written(*find_report("html"), made_result("</script><script>alert(1)</script><!-- " + hostile()));
    const auto begin = page.find("id=\"data\">") + 10;
    const auto text = page.substr(begin, page.find("</script>", begin) - begin);
    const auto data = nlohmann::json::parse(text);
    CHECK(text.find('<') == std::string::npos);
    CHECK(data["scenarios"].size() == 3);
    CHECK_THAT(data["texts"].dump(), Catch::Matchers::Contains("</script><script>alert(1)"));
    for (const auto* forbidden : {"http://", "https://", "src=", "innerHTML =", "url("}) { // nothing is loaded
        const auto found = (page.substr(0, begin) + page.substr(begin + text.size())).find(forbidden);
        INFO(forbidden);
        CHECK(found == std::string::npos);
    }
}

TEST_CASE("what is known from a baseline is no failure of JUnit, TAP and GitHub", "[reports][baseline]")
{
    auto result = made_result();
    for (auto& scenario : result.scenarios)
        for (auto& cell : scenario.cells) cell.known = cell.red();
    const auto junit = written(*find_report("junit"), result);
    CHECK(junit.find("<failure") == std::string::npos);
    CHECK(junit.find("<error") == std::string::npos);
    CHECK_THAT(junit, Catch::Matchers::Contains("failures=\"0\" errors=\"0\" skipped=\"6\""));
    std::istringstream tap(written(*find_report("tap"), result));
    for (std::string line; std::getline(tap, line);)
        if (line.starts_with("not ok")) CHECK_THAT(line, Catch::Matchers::EndsWith("# TODO as in the baseline"));
    CHECK(written(*find_report("github"), result).find("::error") == std::string::npos);
}

TEST_CASE("what is not complete says so in every report that can", "[reports]")
{
    auto result = made_result();
    result.complete = false;
    result.interrupted = "ended by signal 15";
    result.scenarios[2].cells.pop_back();
    CHECK_THAT(written(*find_report("terminal"), result),
               Catch::Matchers::Contains("not complete, ended by signal 15: 8 of 9 cells were measured"));
    CHECK_THAT(written(*find_report("tap"), result),
               Catch::Matchers::Contains("\nBail out! not complete ended by signal 15\n"));
    CHECK_THAT(written(*find_report("github"), result), Catch::Matchers::Contains("not complete ended by signal 15"));
    CHECK(nlohmann::json::parse(written(*find_report("json"), result))["complete"] == false);
}

} // namespace
} // namespace alert40
