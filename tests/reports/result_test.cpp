// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/reports/made_result.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;
using enum Verdict;

RunResult result_of(std::initializer_list<Verdict> verdicts, std::string absent = "")
{
    RunResult result;
    auto& scenario = result.scenarios.emplace_back();
    for (const auto verdict : verdicts) {
        ResultCell cell;
        cell.client = fmt::format("client-{}", result.clients.size());
        cell.verdict = verdict;
        cell.accepts = true;
        result.clients.push_back({cell.client, "", "", "", absent});
        scenario.cells.push_back(std::move(cell));
    }
    return result;
}

TEST_CASE("the exit status is the worst that happened", "[reports][result]")
{
    CHECK(exit_status(result_of({pass, pass})) == 0);
    CHECK(exit_status(result_of({pass, skip})) == 0);
    CHECK(exit_status(result_of({pass, fail, skip})) == 1);
    CHECK(exit_status(result_of({pass, error})) == 3);
    CHECK(exit_status(result_of({fail, error})) == 3);
    CHECK(exit_status(result_of({skip, skip}, "not installed")) == 3);
    CHECK(exit_status(result_of({})) == 3);
    auto part = result_of({pass, pass});
    part.complete = false;
    CHECK(exit_status(part) == 3);
}

TEST_CASE("a tally counts each verdict, and as accepted only what passed", "[reports][result]")
{
    const auto counted = tally(result_of({pass, pass, fail, skip, error}));
    CHECK(counted.pass == 2);
    CHECK(counted.fail == 1);
    CHECK(counted.skip == 1);
    CHECK(counted.error == 1);
    CHECK(counted.accepts == 2);
    CHECK(counted.total() == 5);
}

TEST_CASE("cells that no client has run are left out, and the result is not complete", "[reports][result]")
{
    auto matrix = made_matrix();
    CHECK(summarise(matrix, "").complete);
    matrix.rows[1].cells[0] = {};
    const auto result = summarise(matrix, "");
    CHECK_FALSE(result.complete);
    CHECK(result.scenarios[1].cells.size() == 2);
    CHECK(result.scenarios[1].cell_of("curl") == nullptr);
    CHECK(result.scenarios[1].cell_of("builtin") != nullptr);
}

TEST_CASE("a place inside the data is the same on every machine, another stays", "[reports][result]")
{
    const auto cell = passing("curl");
    CHECK(summarise(cell, "/data").expected_at.text() == "scenarios/cipher/made.toml:23:1");
    CHECK(summarise(cell, "/data/").expected_at.file == "scenarios/cipher/made.toml");
    CHECK(summarise(cell, "/dat").expected_at.file == "/data/scenarios/cipher/made.toml");
    CHECK(summarise(cell, "").expected_at.file == "/data/scenarios/cipher/made.toml");
}

} // namespace
} // namespace alert40
