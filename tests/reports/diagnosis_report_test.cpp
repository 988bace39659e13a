// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/diagnosis_report.h"

#include "tests/source_dir.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <sstream>

using namespace alert40;

namespace {

const Knowledge& knowledge()
{
    static const Knowledge all = load_knowledge(test_source_dir());
    return all;
}

Evidence says(std::string_view symptom, std::string text)
{
    return gather_evidence(nullptr, {*Symptom::parse(symptom)}, "openssl", std::move(text));
}

Diagnosis expired()
{
    Subject subject{"trace.log:17", {{"host", "10.0.0.1"}, {"port", "8443"}}, "nginx"};
    return conclude(says("verify:expired", "certificate has \x1b[31mexpired"), std::move(subject), knowledge());
}

std::string on_terminal(const Diagnosis& diagnosis)
{
    std::ostringstream out;
    write_diagnosis(diagnosis, knowledge(), {}, out);
    return out.str();
}

} // namespace

TEST_CASE("a conclusion names the cause, what is missing, the test that decides and the fix")
{
    const auto diagnosis = expired();
    CHECK(diagnosis.state == DiagnosisState::cause_found);
    REQUIRE_FALSE(diagnosis.findings.empty());
    CHECK(diagnosis.findings.front().cause == "certificate-expired");
    CHECK_FALSE(diagnosis.unknown.empty());
    CHECK_FALSE(diagnosis.fix.empty());
}

TEST_CASE("commands carry what is known of the subject, and say what has to be put in for what is not")
{
    const auto diagnosis = expired();
    CHECK(diagnosis.next_test.find("10.0.0.1:8443") != std::string::npos);
    CHECK(diagnosis.next_test.find("{host}") == std::string::npos);
    CHECK(diagnosis.next_test.find("-servername NAME") != std::string::npos);
}

TEST_CASE("no evidence is no claim, and a success needs none")
{
    const auto nothing = conclude(Evidence{}, {}, knowledge());
    CHECK(nothing.state == DiagnosisState::undetermined);
    CHECK(nothing.findings.empty());
    CHECK(nothing.next_test.empty());
    CHECK(conclude(says("connected", ""), {}, knowledge()).state == DiagnosisState::healthy);
}

TEST_CASE("a headline claims one cause only where the evidence makes it likely")
{
    const auto open = conclude(says("alert-received:handshake_failure", "alert handshake failure"), {}, knowledge());
    CHECK_THAT(headline_of(open, knowledge()), Catch::Matchers::StartsWith("open: "));
    CHECK_THAT(headline_of(open, knowledge()), Catch::Matchers::Contains(" more"));
    CHECK_THAT(headline_of(expired(), knowledge()), Catch::Matchers::StartsWith("certificate-expired: "));
    CHECK(headline_of(conclude(Evidence{}, {}, knowledge()), knowledge()) == "undetermined");
}

TEST_CASE("the exit status tells healthy, a cause, undetermined")
{
    const auto of = [](DiagnosisState state) {
        Diagnosis diagnosis;
        diagnosis.state = state;
        return diagnosis;
    };
    const auto healthy = of(DiagnosisState::healthy);
    const auto cause = of(DiagnosisState::cause_found);
    const auto unclear = of(DiagnosisState::undetermined);
    CHECK(exit_status({healthy, healthy}) == 0);
    CHECK(exit_status({healthy, unclear, cause}) == 1);
    CHECK(exit_status({healthy, unclear}) == 4);
    CHECK(exit_status({}) == 4);
}

TEST_CASE("people read the verdict first, in words that cannot steer their terminal")
{
    const std::string text = on_terminal(expired());
    CHECK(text.find("trace.log:17\n  certificate-expired: ") == 0);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("Fix\n  nginx") != std::string::npos);
}

TEST_CASE("a diagnosis as JSON is one line, whatever bytes a client printed")
{
    auto diagnosis = expired();
    diagnosis.says = {"no UTF-8: \xFF\nand a second line"};
    const std::string line = diagnosis_line(diagnosis);
    CHECK(line.find('\n') == std::string::npos);
    const auto json = nlohmann::json::parse(line);
    CHECK(json["state"] == "cause-found");
    CHECK(json["findings"][0]["cause"] == "certificate-expired");
}
