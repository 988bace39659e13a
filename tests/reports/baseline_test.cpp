// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/baseline.h"

#include "tests/reports/made_result.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace alert40 {
namespace {

using namespace test;
using Catch::Matchers::Contains;
using Kind = Change::Kind;

ResultCell& cell_in(RunResult& result, std::size_t row, std::size_t column)
{
    return result.scenarios.at(row).cells.at(column);
}

/// The made result without its cell in error, as that is 3 in any case.
RunResult now_result()
{
    auto result = made_result();
    cell_in(result, 1, 1) = cell_in(result, 0, 1);
    return result;
}

const Comparison& compared(RunResult& result, const RunResult& baseline = now_result())
{
    compare(result, baseline, "old.json");
    return *result.since;
}

TEST_CASE("where nothing changed, cells that are red as they were fail nothing", "[reports][baseline]")
{
    auto result = now_result();
    CHECK(exit_status(result) == 1);
    const auto& since = compared(result);
    CHECK(since.changes.empty());
    CHECK(since.known == 2);
    CHECK(since.started == "2026-11-21T10:47:32Z");
    CHECK(cell_in(result, 1, 0).known);
    CHECK_FALSE(cell_in(result, 0, 0).known);
    CHECK(exit_status(result) == 0);

    auto broken = made_result(); // a cell that was in error, too
    compared(broken, made_result());
    CHECK(exit_status(broken) == 0);
}

TEST_CASE("another verdict counts, for worse and for better", "[reports][baseline]")
{
    const auto [row, column, verdict] =
        GENERATE(std::tuple(0, 0, Verdict::fail), std::tuple(0, 0, Verdict::skip), std::tuple(1, 0, Verdict::pass),
                 std::tuple(0, 2, Verdict::pass), std::tuple(1, 0, Verdict::skip));
    auto result = now_result();
    auto& cell = cell_in(result, static_cast<std::size_t>(row), static_cast<std::size_t>(column));
    const auto before = cell.verdict;
    cell.verdict = verdict;
    cell.why = {"for a reason"};
    const auto& since = compared(result);
    REQUIRE(since.changes.size() == 1);
    CHECK(since.changes[0].kind == Kind::verdict);
    CHECK_THAT(since.changes[0].before, Catch::Matchers::StartsWith(std::string(name(before))));
    CHECK(since.changes[0].now == std::string(name(verdict)) + " (for a reason)");
    CHECK(exit_status(result) == 1);
}

TEST_CASE("a new error stays an error of the run", "[reports][baseline]")
{
    auto result = now_result();
    cell_in(result, 0, 0).verdict = Verdict::error;
    compared(result);
    CHECK(exit_status(result) == 3);
}

TEST_CASE("a cell that fails otherwise counts, one that passes otherwise does not", "[reports][baseline]")
{
    auto result = now_result();
    cell_in(result, 1, 0).seen->symptom = "silent";
    const auto& failing = compared(result);
    REQUIRE(failing.changes.size() == 1);
    CHECK(failing.changes[0].kind == Kind::behaviour);
    CHECK(failing.changes[0].counts);
    CHECK_FALSE(cell_in(result, 1, 0).known);
    CHECK(exit_status(result) == 1);

    result = now_result();
    cell_in(result, 0, 0).seen->outcome = "client closed";
    const auto& passing = compared(result);
    REQUIRE(passing.changes.size() == 1);
    CHECK_FALSE(passing.changes[0].counts);
    CHECK(exit_status(result) == 0);
}

TEST_CASE("a new version and other words are told and do not count", "[reports][baseline]")
{
    auto result = now_result();
    result.clients[0].version = "8.0.0";
    cell_in(result, 0, 0).seen->says = "SSL alert number forty";
    const auto& since = compared(result);
    REQUIRE(since.changes.size() == 2);
    CHECK(since.changes[0].kind == Kind::client);
    CHECK(since.changes[0].before == "7.88.1 (openssl)");
    CHECK(since.changes[0].now == "8.0.0 (openssl)");
    CHECK(since.changes[1].kind == Kind::words);
    CHECK(since.changes[1].now == "SSL alert number forty");
    CHECK(exit_status(result) == 0);
}

TEST_CASE("a new cell counts where it fails", "[reports][baseline]")
{
    auto result = now_result();
    auto added = result.scenarios[0];
    added.name = "cipher/new";
    added.cells.resize(1);
    result.scenarios.push_back(added);
    CHECK(compared(result).changes.at(0).kind == Kind::added);
    CHECK(exit_status(result) == 0);
    result.scenarios.back().cells[0].verdict = Verdict::fail;
    CHECK(compared(result).changes.at(0).counts);
    CHECK(exit_status(result) == 1);
}

TEST_CASE("what is gone counts where the run was asked for it", "[reports][baseline]")
{
    auto result = now_result();
    result.scenarios.erase(result.scenarios.begin()); // cipher/made
    const auto gone = [&](std::vector<Asked> asked) {
        result.asked = std::move(asked);
        return compared(result).changes.size();
    };
    CHECK(gone({{{}, {}, false}}) == 3);
    CHECK(result.since->changes[0].kind == Kind::gone);
    CHECK(exit_status(result) == 1);
    CHECK(gone({{{"cipher"}, {}, false}}) == 3);
    CHECK(gone({{{"cipher/made"}, {"curl"}, false}}) == 1);
    CHECK(gone({{{"certificate", "sni"}, {}, false}}) == 0);
    CHECK(exit_status(result) == 0);
    CHECK(gone({{{}, {"curl"}, false}, {{}, {"builtin"}, false}}) == 2); // merged
    CHECK(gone({{{"my.toml"}, {}, true}}) == 0);
    result.shard = ShardOf{1, 2, ""};
    CHECK(gone({{{}, {}, false}}) == 0);
    result.shard.reset();
    result.complete = false;
    CHECK(gone({{{}, {}, false}}) == 0);
}

TEST_CASE("what changed stands first in the terminal, alike changes in one line", "[reports][baseline][terminal]")
{
    auto result = now_result();
    for (auto& scenario : result.scenarios) {
        auto& cell = scenario.cells[2]; // a client that has come
        cell.verdict = Verdict::pass;
        cell.word = "< 40";
        cell.why.clear();
    }
    result.clients[2].absent.clear();
    result.clients[2].version = "3.7.9";
    compared(result);
    const auto text = written(*find_report("terminal"), result);
    CHECK_THAT(text,
               Catch::Matchers::StartsWith(
                   "since old.json of 2026-11-21T10:47:32Z: 4 changes, of which 3 count; 2 cells fail as they did\n"
                   "  ! verdict   gnutls-cli: cipher/made and 2 more\n"
                   "      was: skip (gnutls-cli is not installed)\n"
                   "      now: pass\n"
                   "    client    gnutls-cli\n"
                   "      was: gnutls-cli is not installed\n"
                   "      now: 3.7.9 (gnutls)\n"));
    CHECK_THAT(text, Contains("fail  certificate/made x curl  (as in the baseline)"));
    const auto json = nlohmann::json::parse(written(*find_report("json"), result));
    CHECK(json["since_baseline"]["changes"].size() == 4);
    CHECK(json["since_baseline"]["changes"][0]["counts"] == true);
    CHECK(json["scenarios"][1]["cells"][0]["known"] == true);
}

} // namespace
} // namespace alert40
