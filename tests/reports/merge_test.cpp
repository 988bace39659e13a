// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/reports/merge.h"

#include "client-checks/reports/result_file.h"
#include "client-checks/reports/shard.h"
#include "scenarios/loader/input_error.h"
#include "tests/reports/made_result.h"

#include <catch2/catch.hpp>

namespace alert40 {
namespace {

using namespace test;
using Catch::Matchers::Contains;

/// The index-th of `count` parts of the made result.
ResultFile part(unsigned index, unsigned count)
{
    auto result = made_result();
    std::vector<ResultScenario> kept;
    for (std::size_t place = 0; place < result.scenarios.size(); ++place)
        if (place % count == index - 1) kept.push_back(result.scenarios[place]);
    result.scenarios = std::move(kept);
    result.shard = ShardOf{index, count, "digest"};
    result.wall = std::chrono::milliseconds(1000 * index);
    return {fmt::format("{}.json", index), std::move(result)};
}

std::string text_of(const RunResult& result)
{
    std::ostringstream out;
    write_result(result, out);
    return out.str();
}

std::string error_of(std::vector<ResultFile> files)
{
    try {
        merge(std::move(files));
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST_CASE("the parts of a run, in any order, are the run", "[reports][merge]")
{
    auto whole = made_result();
    const unsigned count = GENERATE(1U, 2U, 3U, 5U);
    std::vector<ResultFile> files;
    for (unsigned index = count; index > 0; --index) files.push_back(part(index, count));
    const auto merged = merge(files);
    CHECK(merged.wall == std::chrono::milliseconds(1000 * count)); // the longest
    whole.wall = merged.wall;
    CHECK(text_of(merged) == text_of(whole));
}

TEST_CASE("a part that is missing, doubled or of another run is refused", "[reports][merge]")
{
    CHECK_THAT(error_of({part(1, 3), part(3, 3)}), Contains("1 of 3 parts is missing: 2/3"));
    CHECK_THAT(error_of({part(1, 3)}), Contains("2 of 3 parts are missing: 2/3, 3/3"));
    CHECK_THAT(error_of({part(1, 2), part(1, 2)}), Contains("1.json and 1.json are both part 1/2"));
    CHECK_THAT(error_of({part(1, 2), part(2, 3)}), Contains("1.json is one of 2 parts, 2.json one of 3"));
    auto other = part(2, 2);
    other.result.shard->of = "another";
    CHECK_THAT(error_of({part(1, 2), other}), Contains("1.json and 2.json are parts of different runs"));
    CHECK_THAT(error_of({{"whole.json", made_result()}, part(1, 2), part(2, 2)}),
               Contains("1.json is a part of a run, whole.json is a run of its own"));
}

TEST_CASE("machines of one run have the same clients", "[reports][merge]")
{
    auto other = part(2, 2);
    other.result.clients[0].version = "8.0.0";
    CHECK_THAT(error_of({part(1, 2), other}),
               Contains("curl is not the same client in both: 7.88.1 in 1.json, 8.0.0 in 2.json"));
    other.result.clients[0].absent = "curl is not installed";
    CHECK_THAT(error_of({part(1, 2), other}), Contains("curl is not installed in 2.json"));
}

TEST_CASE("runs with other clients or scenarios stand side by side, and no cell twice", "[reports][merge]")
{
    const auto only = [](std::size_t column) {
        auto result = made_result();
        const auto client = result.clients[column];
        result.clients = {client};
        for (auto& scenario : result.scenarios)
            std::erase_if(scenario.cells, [&](const auto& cell) { return cell.client != client.name; });
        result.asked = {{{}, {client.name}, false}};
        return result;
    };
    const auto merged = merge({{"a.json", only(0)}, {"b.json", only(1)}, {"c.json", only(2)}});
    auto whole = made_result();
    whole.asked = merged.asked;
    CHECK(merged.asked.size() == 3);
    CHECK(text_of(merged) == text_of(whole));
    CHECK_THAT(error_of({{"a.json", only(0)}, {"b.json", only(0)}}),
               Contains("cipher/made with curl is in a.json and in b.json"));
}

TEST_CASE("what one part lacks the whole lacks", "[reports][merge]")
{
    auto files = std::vector<ResultFile>{part(1, 2), part(2, 2)};
    files[1].result.complete = false;
    files[1].result.interrupted = "ended by signal 9";
    files[1].result.scenarios.front().cells.pop_back();
    const auto merged = merge(files);
    CHECK_FALSE(merged.complete);
    CHECK(merged.interrupted == "ended by signal 9");
    CHECK(exit_status(merged) == 3);
}

} // namespace
} // namespace alert40
