// SPDX-License-Identifier: GPL-2.0-or-later
// The verdict, on cells that really ran: it must not be passed by anything but the truth.
#include "tests/checks/recorded.h"

#include "client-checks/diagnosis/classes.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace alert40 {
namespace {

using namespace test;
using Catch::Matchers::Contains;

/// No evidence tells these two apart: the catalogue says so.
bool share_a_class(const std::string& one, const std::string& other)
{
    const auto& classes = knowledge().classes;
    return std::any_of(classes.begin(), classes.end(), [&](const auto& each) {
        return holds_for(each, true, true) && has_cause(each, one) && has_cause(each, other);
    });
}

Scenario with_cause(Scenario scenario, const std::string& cause)
{
    scenario.cause.value = cause;
    return scenario;
}

TEST_CASE("what was recorded passes, and passes again when it is judged again", "[checks][verdict]")
{
    for (const auto& each : recorded().rows) {
        INFO(each.scenario.id << "\n" << all_of(each.cells.front().why));
        CHECK(each.cells.front().verdict == Verdict::pass);
        const auto again = judge_again(each, each.scenario);
        CHECK(again.verdict == Verdict::pass);
        CHECK(again.first_class == each.cells.front().first_class);
    }
}

TEST_CASE("exchanging the causes of two scenarios makes both cells fail", "[checks][verdict][labels]")
{
    std::size_t pairs = 0;
    for (const auto& one : recorded().rows)
        for (const auto& other : recorded().rows) {
            const auto& first = one.scenario.cause.value;
            const auto& second = other.scenario.cause.value;
            if (first >= second || first == "none" || second == "none" || share_a_class(first, second)) continue;
            INFO(one.scenario.id << " and " << other.scenario.id);
            ++pairs;
            CHECK(judge_again(one, with_cause(one.scenario, second)).verdict == Verdict::fail);
            CHECK(judge_again(other, with_cause(other.scenario, first)).verdict == Verdict::fail);
        }
    CHECK(pairs > 40);
}

TEST_CASE("a wrong label is said with the line that carries it", "[checks][verdict][labels]")
{
    const auto& expired = row("certificate/expired-tls12");
    const auto why = all_of(judge_again(expired, with_cause(expired.scenario, "weak-dh")).why);
    CHECK_THAT(why, Contains("the cause is weak-dh"));
    CHECK_THAT(why, Contains("expired-tls12.toml:3:"));
}

TEST_CASE("one scenario's run is no pass for another's expectation", "[checks][verdict][labels]")
{
    for (const auto& one : recorded().rows)
        for (const auto& other : recorded().rows) {
            if (one.scenario.cause.value == other.scenario.cause.value) continue;
            INFO(one.scenario.id << " judged as " << other.scenario.id);
            CHECK(judge_again(one, other.scenario).verdict == Verdict::fail);
        }
}

TEST_CASE("a client that accepts what should fail fails", "[checks][verdict]")
{
    for (const auto& each : recorded().rows) {
        if (!each.scenario.fix) continue;
        auto accepting = each;
        accepting.cells.front().faulty = each.cells.front().fixed;
        const auto cell = judge_again(accepting, each.scenario);
        INFO(each.scenario.id);
        CHECK(cell.verdict == Verdict::fail);
        CHECK_FALSE(cell.accepts);
        CHECK_THAT(all_of(cell.why), Contains("the client reports connected, expected "));
    }
}

TEST_CASE("a fixed twin that does not connect fails", "[checks][verdict]")
{
    for (const auto& each : recorded().rows) {
        if (!each.scenario.fix) continue;
        auto unfixed = each;
        unfixed.cells.front().fixed = each.cells.front().faulty;
        const auto cell = judge_again(unfixed, each.scenario);
        INFO(each.scenario.id);
        CHECK(cell.verdict == Verdict::fail);
        CHECK_THAT(all_of(cell.why), Contains("with the fix: on the wire: expected connected"));
    }
}

TEST_CASE("what is called certain and is not the cause fails, and is named", "[checks][verdict]")
{
    const auto certain = [](const ScenarioRow& each) {
        const auto& findings = each.cells.front().findings;
        return !findings.empty() && findings.front().confidence == Confidence::certain;
    };
    const auto& rows = recorded().rows;
    REQUIRE(std::any_of(rows.begin(), rows.end(), certain));
    for (const auto& each : rows) {
        if (!certain(each)) continue;
        const auto& cause = each.cells.front().findings.front().cause;
        const auto cell = judge_again(each, with_cause(each.scenario, cause == "weak-dh" ? "not-tls" : "weak-dh"));
        INFO(each.scenario.id);
        CHECK_THAT(all_of(cell.why), Contains(cause + " is called certain"));
        CHECK(falsely_certain(cell.findings, "weak-dh") == (cause != "weak-dh"));
    }
}

TEST_CASE("a connection that nothing failed on has no findings, else the control fails", "[checks][verdict]")
{
    auto control = row("control/healthy-tls12");
    CHECK(control.cells.front().findings.empty());
    control.cells.front().faulty = row("certificate/expired-tls12").cells.front().faulty;
    const auto cell = judge_again(control, control.scenario);
    CHECK(cell.verdict == Verdict::fail);
    CHECK_THAT(all_of(cell.why), Contains("diagnosed as certificate-expired, and nothing failed"));
}

TEST_CASE("a client that never connected is said to", "[checks][verdict]")
{
    auto absent = row("cipher/one-aead-only-tls12");
    absent.cells.front().faulty->connections.clear();
    const auto cell = judge_again(absent, absent.scenario);
    CHECK(cell.verdict == Verdict::fail);
    CHECK_THAT(all_of(cell.why), Contains("the client never connected"));
}

/// Everything about a scenario but what must happen and which cause it has.
Scenario scrambled(Scenario scenario)
{
    scenario.id = "other/story";
    scenario.title = scenario.story = scenario.lesson = "cipher-mismatch, certificate-expired, middlebox-reset";
    scenario.where = {};
    scenario.server = ServerSettings{};
    scenario.client = ClientSettings{};
    scenario.server.faults.push_back({{"client:client_hello", {}}, {"reset", {}}, {}});
    scenario.server.unknown_name = {NameAnswer::Kind::close};
    return scenario;
}

TEST_CASE("what is not evidence changes no finding", "[checks][verdict][evidence]")
{
    for (const auto& each : recorded().rows) {
        const auto plain = judge_again(each, each.scenario);
        auto renamed = each;
        auto& seen = *renamed.cells.front().faulty;
        seen.argv = {"another", "--client"};
        seen.environment = {{"CAUSE", "weak-dh"}};
        seen.child.pid = 1;
        const auto other = judge_again(renamed, scrambled(each.scenario));
        INFO(each.scenario.id);
        CHECK(other.verdict == plain.verdict);
        CHECK(other.first_class == plain.first_class);
        CHECK(other.from_client_only == plain.from_client_only);
        CHECK(other.next_test == plain.next_test);
        REQUIRE(other.findings.size() == plain.findings.size());
        for (std::size_t index = 0; index < plain.findings.size(); ++index) {
            CHECK(other.findings[index].cause == plain.findings[index].cause);
            CHECK(other.findings[index].confidence == plain.findings[index].confidence);
            CHECK(other.findings[index].because == plain.findings[index].because);
        }
    }
}

TEST_CASE("the cause that the scenario names changes no finding either", "[checks][verdict][evidence]")
{
    for (const auto& each : recorded().rows) {
        if (!each.scenario.fix) continue;
        const auto other = judge_again(each, with_cause(each.scenario, "group-mismatch"));
        CHECK(other.first_class == each.cells.front().first_class);
    }
}

} // namespace
} // namespace alert40
