// SPDX-License-Identifier: GPL-2.0-or-later
// Diagnoses as a page: everything is there, and what others wrote is text.
#include "client-checks/reports/diagnosis_html.h"

#include <catch2/catch.hpp>
#include <sstream>

namespace alert40 {
namespace {

Knowledge knowledge()
{
    Knowledge knowledge;
    knowledge.causes["cipher-mismatch"].title = "No shared cipher suite";
    return knowledge;
}

Diagnosis diagnosis()
{
    Diagnosis diagnosis;
    diagnosis.subject.text = "a.pcapng, connection 3";
    diagnosis.state = DiagnosisState::cause_found;
    diagnosis.verdict = "server sent fatal handshake_failure (40)";
    diagnosis.findings = {{"cipher-mismatch", Confidence::likely, {"the offer is narrow"}, {"weak-dh: no DHE"}}};
    diagnosis.proof = {"with another suite it succeeds"};
    diagnosis.notes = {"a note"};
    diagnosis.unknown = {"what the server has"};
    diagnosis.rests_on = {{"trace.log", 17, "alert 40"}};
    diagnosis.says = {"handshake failure"};
    diagnosis.ladder = {"> client_hello (517 octets)", "... 2.0 s", "< alert fatal handshake_failure (40)"};
    diagnosis.next_test = "openssl s_client -connect host:443";
    diagnosis.fix = {{"nginx", "ssl_ciphers"}};
    return diagnosis;
}

std::string page(const std::vector<Diagnosis>& diagnoses, const DiagnosisPageHead& head = {})
{
    std::ostringstream out;
    write_diagnoses_html(diagnoses, knowledge(), head, out);
    return out.str();
}

TEST_CASE("a diagnosis' page has everything, the verdict before the reasons", "[reports][html]")
{
    const auto text = page({diagnosis()});
    std::size_t at = 0;
    for (const auto* part : {"No shared cipher suite", "server sent fatal", "with another suite", "the offer is narrow",
                             "weak-dh: no DHE", "handshake failure", "trace.log:17", "client_hello (517 octets)",
                             "2.0 s", "a note", "what the server has", "openssl s_client", "ssl_ciphers", "</html>"}) {
        const auto found = text.find(part, at);
        CAPTURE(part);
        REQUIRE(found != std::string::npos);
        at = found;
    }
    CHECK(text.find("{{") == std::string::npos);
}

TEST_CASE("what others wrote is text in the page, whatever it holds", "[reports][html]")
{
    const std::string evil = "<script>alert(1)</script>\x1b[31m\"'&\xFF{{body}}";
    auto evil_diagnosis = diagnosis();
    evil_diagnosis.subject.text = evil_diagnosis.verdict = evil_diagnosis.next_test = evil;
    evil_diagnosis.findings.front().because = evil_diagnosis.findings.front().excludes = {evil};
    evil_diagnosis.findings.front().cause = evil;
    evil_diagnosis.proof = evil_diagnosis.notes = evil_diagnosis.unknown = evil_diagnosis.says = {evil};
    evil_diagnosis.ladder = {evil};
    evil_diagnosis.rests_on = {{evil, 1, evil}};
    evil_diagnosis.fix = {{evil, evil}};
    DiagnosisPageHead head;
    head.title = evil;
    head.notes = head.columns = {evil};
    head.rows = {{{evil}, "fail", 0}};
    const auto text = page({evil_diagnosis}, head);
    CHECK(text.find("<script") == std::string::npos);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\xFF') == std::string::npos);
    CHECK(text.find("&lt;script&gt;alert(1)&lt;/script&gt;") != std::string::npos);
    CHECK_THAT(text, Catch::EndsWith("</html>\n"));
}

TEST_CASE("a row of the table leads to its diagnosis", "[reports][html]")
{
    DiagnosisPageHead head;
    head.columns = {"No", "How it ended"};
    head.rows = {{{"1", "established"}, "pass", {}}, {{"2", "refused"}, "fail", 1}};
    const auto text = page({diagnosis(), diagnosis()}, head);
    CHECK(text.find("<a href=\"#d2\">refused</a>") != std::string::npos);
    CHECK(text.find("id=\"d2\"") != std::string::npos);
    CHECK(text.find("<td data-label=\"How it ended\"><span class=\"mark pass\"></span> established</td>") !=
          std::string::npos);
}

} // namespace
} // namespace alert40
