// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/probes/weighing.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using enum Confidence;

Diagnosis live(DiagnosisState state, std::vector<Finding> findings = {})
{
    Diagnosis diagnosis;
    diagnosis.state = state;
    diagnosis.findings = std::move(findings);
    return diagnosis;
}

std::vector<std::string> weighed(Diagnosis diagnosis, const std::vector<Finding>& observed)
{
    weigh(diagnosis, observed);
    std::vector<std::string> causes;
    for (const auto& each : diagnosis.findings) causes.push_back(each.cause);
    return causes;
}

using Causes = std::vector<std::string>;

TEST_CASE("where the server is well, what lies with the client is left", "[probes][weighing]")
{
    const std::vector<Finding> observed{{"certificate-expired", likely, {}}, {"client-clock-wrong", likely, {}}};
    auto diagnosis = live(DiagnosisState::healthy);
    weigh(diagnosis, observed);
    CHECK(diagnosis.state == DiagnosisState::cause_found);
    REQUIRE(diagnosis.findings.size() == 2);
    CHECK(diagnosis.findings[0].cause == "client-clock-wrong");
    CHECK(diagnosis.findings[1].confidence == possible);
}

TEST_CASE("an experiment decides among what the failure leaves open", "[probes][weighing]")
{
    const auto found = live(DiagnosisState::cause_found, {{"group-mismatch", certain, {}}});
    const std::vector<Finding> observed{{"cipher-mismatch", possible, {}}, {"group-mismatch", possible, {}}};
    CHECK(weighed(found, observed) == Causes{"group-mismatch", "cipher-mismatch"});
}

TEST_CASE("of two faults of the server the one that the client met comes first", "[probes][weighing]")
{
    const auto found = live(DiagnosisState::cause_found,
                            {{"certificate-malformed", certain, {}}, {"certificate-wrong-name", certain, {}}});
    const std::vector<Finding> observed{{"certificate-wrong-name", likely, {}}};
    CHECK(weighed(found, observed) == Causes{"certificate-wrong-name", "certificate-malformed"});
}

TEST_CASE("what a failure makes certain no experiment takes back", "[probes][weighing]")
{
    const auto found = live(DiagnosisState::cause_found, {{"certificate-expired", certain, {}}});
    CHECK(weighed(found, {{"backend-differs", likely, {}}}) == Causes{"backend-differs", "certificate-expired"});
    CHECK(weighed(found, {{"certificate-pin-mismatch", certain, {}}}).front() == "certificate-pin-mismatch");
}

TEST_CASE("nothing observed changes nothing", "[probes][weighing]")
{
    auto diagnosis = live(DiagnosisState::healthy);
    weigh(diagnosis, {});
    CHECK(diagnosis.state == DiagnosisState::healthy);
    CHECK(diagnosis.findings.empty());
}

} // namespace
} // namespace alert40
